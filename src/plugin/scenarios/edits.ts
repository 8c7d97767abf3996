import type { Project } from './project.ts';

/** File to its new content, given the present one; undefined removes it. */
export type FileEdits = Readonly<Record<string, (content: string) => string | undefined>>;

/** One edit of the fixture project and the memoised functions whose fingerprints it must move. */
export interface Scenario {
  readonly title: string;
  readonly changes: readonly string[];
  readonly files: FileEdits;
  /** Settings and installed packages are only read when a server starts. */
  readonly restarts?: boolean;
}

/** Replaces text that must be there. */
export function swap(from: string, to: string): (content: string) => string {
  return (content) => {
    if (!content.includes(from)) throw new Error(`The fixture holds no ${JSON.stringify(from)}`);
    return content.replaceAll(from, to);
  };
}

function both(...edits: ((content: string) => string)[]): (content: string) => string {
  return (content) => edits.reduce((text, edit) => edit(text), content);
}

const main = 'src/main.ts';

function edit(title: string, changes: string, files: FileEdits, restarts = false): Scenario {
  return { title, changes: changes === '' ? [] : changes.split(' '), files, restarts };
}

const reformatted = `import { inner as inner } from "./inner"
export interface Options { size: number }
export function step(i: number): number { const local = ((inner(i)) + 1)
  return (local * 2)
}
export function otherHelper(): string { return 'other' }
`;

const movedHelper: FileEdits = {
  'src/parts/first.ts': swap('fromBarrel', 'renamedAway'),
  'src/parts/moved.ts': () => 'export function fromBarrel(x: number): number {\n  return x + 11;\n}',
  'src/barrel.ts': swap("'./parts/first'", "'./parts/moved'"),
};

/** The edits of code that every bundler sees while it runs, and some that need a restart. */
export const scenarios: readonly Scenario[] = [
  edit('comment added above and inside a memoised function', '', {
    [main]: both(
      swap('export const sim', '// above\nexport const sim'),
      swap('let sum', '/* inside */ let sum'),
    ),
  }),
  edit('helper file reformatted', '', { 'src/helper.ts': () => reformatted }),
  edit('type-only edit', '', {
    'src/helper.ts': both(
      swap('size: number;', 'size: number; more?: string;'),
      swap('inner(i) + 1', '(inner(i) as number) + 1'),
    ),
    [main]: swap('(a: Unit,', '(a: Unit | null,'),
  }),
  edit('type-only import added', '', {
    [main]: swap(
      "import './styles.css';",
      "import './styles.css';\nimport type { Options } from './helper';",
    ),
  }),
  edit('own body', 'sim', { [main]: swap('let sum = seed', 'let sum = seed + 1') }),
  edit('direct helper body', 'sim', { 'src/helper.ts': swap('local * 2', 'local * 3') }),
  edit('helper of helper', 'sim', { 'src/inner.ts': swap('i + OFFSET', 'i - OFFSET') }),
  edit('constant two modules away', 'sim', { 'src/offset.ts': swap('OFFSET = 7', 'OFFSET = 9') }),
  edit('unused constant in the same module', '', { [main]: swap('const unused = 1', 'const unused = 2') }),
  edit('unrelated function in the same module', '', { [main]: swap("return 'unrelated'", "return 'other'") }),
  edit('local variable renamed in helper', '', { 'src/helper.ts': swap('local', 'renamed') }),
  edit('private helper renamed', '', { [main]: swap('privateHelper', 'otherName') }),
  edit('parameter of memoised function renamed', '', {
    [main]: both(swap('n: number, seed = 1', 'count: number, seed = 1'), swap('i < n;', 'i < count;')),
  }),
  edit('cache options', '', { [main]: swap('ttl: 1000', 'ttl: 5000') }),
  edit('memory instance options', '', {
    'src/memory.ts': swap("name: 'fixture'", "name: 'fixture', maxBytes: 9"),
  }),
  edit('module-level const used by two', 'nested prep sim', {
    [main]: swap('const shared = 3', 'const shared = 4'),
  }),
  edit('JSON value used', 'clampIt', { 'src/limits.json': swap('10', '11') }),
  edit('JSON whitespace', '', { 'src/limits.json': swap('\n', '\n\n') }),
  edit('JSON: unused key of a named import', '', { 'src/scale.json': swap('5', '6') }),
  edit('JSON: used key of a named import', 'scaled', { 'src/scale.json': swap('4', '3') }),
  edit('npm package version', 'sim', { 'node_modules/math-lib/package.json': swap('1.0.0', '1.0.1') }, true),
  edit(
    'transitive npm package version',
    'sim',
    { 'node_modules/deep-lib/package.json': swap('1.0.0', '1.0.1') },
    true,
  ),
  edit(
    'CommonJS package version',
    'cjs',
    { 'node_modules/cjs-lib/package.json': swap('1.0.0', '1.0.1') },
    true,
  ),
  edit('cache library version', '', { 'node_modules/keepsake/package.json': swap('1.0.0', '2.0.0') }, true),
  edit(
    'package patched in place',
    '',
    { 'node_modules/math-lib/index.js': swap('deep(x) * x', 'deep(x) + x') },
    true,
  ),
  edit('wasm bytes', 'kernel', { 'src/kernel.wasm': (content) => `${content}\x00\x01\x00` }),
  edit('?raw text', 'shade', { 'src/shader.glsl': swap('main()', 'main( )') }),
  edit('file imported by a worker', 'heavy', { 'src/work.ts': swap('1000', '2000') }),
  edit('worker entry', 'heavy', { 'src/worker.ts': swap('work(event.data)', 'work(event.data + 1)') }),
  edit('module behind dynamic import', 'lazy', { 'src/lazy.ts': swap('0.5', '0.25') }),
  edit('.env variable used', 'envK', { '.env': swap('VITE_K=5', 'VITE_K=6') }, true),
  edit('.env variable not used', '', { '.env': swap('VITE_UNUSED=1', 'VITE_UNUSED=2') }, true),
  edit('define constant', 'defined', { 'define.json': swap('2', '3') }, true),
  edit('cycle: other half', 'cyc', { 'src/cycle-b.ts': swap('even(n - 1)', 'even(n - 1) === true') }),
  edit('re-exported function', 'viaBarrel', { 'src/parts/first.ts': swap('x + 11', 'x + 13') }),
  edit('other export of a re-exported module', '', { 'src/parts/second.ts': swap('x + 12', 'x + 14') }),
  edit('barrel gets one more re-export', '', {
    'src/barrel.ts': (text) => `${text}export { inner } from './inner';\n`,
  }),
  edit('helper moved to another file behind the barrel', '', movedHelper),
  edit('helper used through namespace import', 'Model.run clampIt viaRename', {
    'src/numbers.ts': swap('Math.max(min, x)', 'Math.max(x, min)'),
  }),
  edit('other member of the namespace import', '', { 'src/numbers.ts': swap('(b - a) * t', 't * (b - a)') }),
  edit('table: constant used by the filler', 'table', { 'src/table.ts': swap('SIZE = 16', 'SIZE = 32') }),
  edit('table: filler function', 'table', { 'src/table.ts': swap('i * i', 'i + i') }),
  edit('table: call removed', 'table', { 'src/table.ts': swap('\nfill();\n', '\n') }),
  edit('unrelated side-effect statement in a reached module', '', {
    'src/registry.ts': swap('registry ready', 'registry is ready'),
  }),
  edit('bare side-effect import', 'rounded', {
    'src/polyfill.ts': swap('x.toFixed(digits)', 'x.toFixed(digits + 1)'),
  }),
  edit('CSS side-effect import', '', {
    'src/rounded.css': swap('black', 'red'),
    'src/styles.css': swap('black', 'red'),
  }),
  edit('workspace-linked package source', 'ws', { 'linked/ws-lib/src/index.ts': swap('x + 100', 'x + 101') }),
  edit('workspace-linked package: other export', '', {
    'linked/ws-lib/src/index.ts': swap('x - 100', 'x - 101'),
  }),
  edit('glob: file edited', 'globy', { 'src/globbed/second.ts': swap('2', '3') }),
  edit('glob: file added', 'globy', { 'src/globbed/third.ts': () => 'export const third = 3;\n' }),
  edit('UI statement in the same file', '', {
    [main]: swap("document.title = 'fixture'", "document.title = 'other'"),
  }),
  edit('UI function mutating a module-level let', 'gained', {
    [main]: swap('gain = value;', 'gain = value * 2;'),
  }),
  edit('initial value of a module-level let', 'gained', { [main]: swap('let gain = 2', 'let gain = 3') }),
  edit('mutable registry: register()', 'stateful', {
    'src/registry.ts': swap('registry.set(name, fn)', 'registry.set(name.trim(), fn)'),
  }),
  edit('class: method used through this', 'Model.run', { 'src/model.ts': swap('x, 0, 5', 'x, 0, 6') }),
  edit('class: unrelated method', '', { 'src/model.ts': swap("'unrelated'", "'other'") }),
  edit('class: field initialiser used through this', 'Model.run', {
    'src/model.ts': swap('gain = 2', 'gain = 3'),
  }),
  edit('nested memoised function: body', 'nested prep', { [main]: swap('x * shared,', 'x + shared,') }),
  edit('nested memoised function: options', '', { [main]: swap('{ ttl: 1 }', '{ ttl: 2 }') }),
  edit('new memoised function inserted first', 'zero', {
    [main]: swap('export const sim', 'export const zero = memory.cache(() => 0);\nexport const sim'),
  }),
  edit('closure factory: captured parameter renamed', '', {
    [main]: both(
      swap('factory(k: number)', 'factory(times: number)'),
      swap('x * k + offset', 'x * times + offset'),
    ),
  }),
  edit('import path style', '', { 'src/helper.ts': swap("'./inner'", "'./inner.ts'") }),
  edit('named import turned into namespace import', '', {
    'src/helper.ts': both(
      swap('import { inner }', 'import * as inners'),
      swap('inner(i)', 'inners.inner(i)'),
    ),
  }),
];

/** Applies an edit and gives what undoes it. */
export function applyEdit(project: Project, { files }: Scenario): () => void {
  const before = Object.keys(files).map((file): [string, string | undefined] => [file, project.read(file)]);
  for (const [file, change] of Object.entries(files)) project.write(file, change(project.read(file) ?? ''));
  return () => {
    for (const [file, content] of before) project.write(file, content);
  };
}

/** Names of the functions whose fingerprint is not what it was. */
export function changedFunctions(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...after]
    .filter(([name, fingerprint]) => before.get(name) !== fingerprint)
    .map(([name]) => name)
    .sort();
}
