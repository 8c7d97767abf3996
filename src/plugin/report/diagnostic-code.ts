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
  FP012: 'legacy decorator',
} as const;

/** What helps against each, in one line; docs/plugin.md says more under the code. */
export const cures = {
  FP001: 'pass it as an argument, so that it is seen',
  FP002: 'pass it as an argument, or silence it at the declaration if it changes no result',
  FP003: 'write the name as text, where the bundler and the plugin can read it',
  FP004: 'write the code where it can be read, or give the function a version',
  FP005: 'pass a seed or the time as an argument',
  FP006: 'read it outside of the function, and pass what follows from it',
  FP007: 'move the code to a module of its own, or give the function a version',
  FP008: 'read it outside of the function, and pass what was read',
  FP009:
    'cache a function that is written or imported at the call, by a Memory in a module-level constant, or give a version',
  FP010: 'pass what is read as an argument, or silence it at the declaration if it changes no result',
  FP011: 'import it where it is used, or name its value in the option "define"',
  FP012: 'turn experimentalDecorators off, or cache the method in a field: run = memory.cache((x) => …)',
} as const satisfies Record<keyof typeof diagnosticTitles, string>;

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

/** Whether the program would fail with it, so that the build does. */
export function isFatal(code: DiagnosticCode): boolean {
  return code === 'FP012';
}

/** Whether a text is a diagnostic's code. */
export function isDiagnosticCode(text: string): text is DiagnosticCode {
  return Object.hasOwn(diagnosticTitles, text);
}
