/** A place in a file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The line and column of an offset. */
export function positionAt(source: string, offset: number): Position {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/** The lines around a place, with the place underlined. */
export function codeFrame(source: string, start: number, end: number): string {
  const lines = source.split(/\r?\n/);
  const { line, column } = positionAt(source, start);
  const width = String(line + 1).length;
  const row = (number: number): string | undefined => {
    const text = lines[number - 1];
    const mark = number === line ? '>' : ' ';
    return text === undefined ? undefined : `${mark} ${String(number).padStart(width)} | ${text}`;
  };
  const lineEnd = (lines[line - 1] ?? '').length + 1;
  const length = Math.max(1, Math.min(column + (end - start), lineEnd) - column);
  const underline = `  ${' '.repeat(width)} | ${' '.repeat(column - 1)}${'^'.repeat(length)}`;
  return [row(line - 1), row(line), underline, row(line + 1)].filter((each) => each !== undefined).join('\n');
}
