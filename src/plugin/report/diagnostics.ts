import { codeFrame, positionAt } from './code-frame.ts';
import { cures, type DiagnosticCode, diagnosticTitles, isUnfollowable } from './diagnostic-code.ts';

/** A finding about one memoised function, or about a call where `id` is missing. */
export interface Finding {
  readonly id: string | undefined;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly text: string;
  /** Whether `strict` makes it an error. */
  readonly isUnfollowable: boolean;
}

/** Where a finding's file lies and what is in it. */
export type ReadSource = (path: string) => { readonly label: string; readonly source: string };

/** Writes a finding as a message with the place and the lines around it. */
export function describeFinding(finding: Finding, readSource: ReadSource): Diagnostic {
  const { code, message, path, start, end } = finding;
  const { label, source } = readSource(path);
  const { line, column } = positionAt(source, start);
  const subject = finding.id === undefined ? '' : `${finding.id}: `;
  const text = [
    `[keepsake ${code}] ${subject}${message} (${diagnosticTitles[code]})`,
    `${label}:${line}:${column}`,
    codeFrame(source, start, end),
    `${cures[code]}; more in docs/plugin.md#${code.toLowerCase()}`,
  ].join('\n');
  return { code, text, isUnfollowable: isUnfollowable(code) };
}
