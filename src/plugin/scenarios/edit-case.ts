import { expect, test } from 'vitest';
import { type Files, fingerprintOf } from './analyse-files.ts';

/** Files, an edit of one of them, and whether the function's fingerprint must move. */
export type EditCase = readonly [
  title: string,
  files: Files,
  file: string,
  from: string,
  to: string,
  moves: boolean,
];

export const head = "import { memory } from './memory';\n";

/** An edit of a program of one file. */
export function one(title: string, source: string, from: string, to: string, moves: boolean): EditCase {
  return [title, { 'main.ts': head + source }, 'main.ts', from, to, moves];
}

/** An edit of the helper module `h.ts`. */
export function two(
  title: string,
  main: string,
  helper: string,
  ...[from, to, moves]: [string, string, boolean]
): EditCase {
  return [title, { 'main.ts': head + main, 'h.ts': helper }, 'h.ts', from, to, moves];
}

/** Makes each edit and compares the fingerprints before and after. */
export function testEdits(cases: readonly EditCase[]): void {
  test.each(cases)('%s', async (_, files, file, from, to, moves) => {
    const before = files[file] ?? '';
    expect(before).toContain(from);
    const first = await fingerprintOf(files);
    const second = await fingerprintOf({ ...files, [file]: before.replace(from, to) });
    expect(second !== first).toBe(moves);
  });
}
