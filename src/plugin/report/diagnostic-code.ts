/** The closed list of diagnostics and what each is about. */
export const diagnosticTitles = {
  FP001: 'captured variable',
  FP002: 'mutable module state',
  FP003: 'dynamic import',
  FP004: 'dynamic code',
  FP005: 'not deterministic',
  FP006: 'differs between development and build',
  FP007: 'opaque module',
  FP008: 'ambient input',
  FP009: 'not analysable',
  FP010: 'state that cannot be read',
  FP011: 'undeclared name',
} as const;

export type DiagnosticCode = keyof typeof diagnosticTitles;

const unfollowable: ReadonlySet<string> = new Set<DiagnosticCode>([
  'FP003',
  'FP004',
  'FP007',
  'FP009',
  'FP010',
  'FP011',
]);

/** Whether the code means that something could not be followed, so the fingerprint is `partial`. */
export function isUnfollowable(code: DiagnosticCode): boolean {
  return unfollowable.has(code);
}

/** Whether a text is a diagnostic's code. */
export function isDiagnosticCode(text: string): text is DiagnosticCode {
  return Object.hasOwn(diagnosticTitles, text);
}
