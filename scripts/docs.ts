/**
 * Keeps README and docs/ true: every ```ts block is compiled against the sources, every link leads to a file that comes
 * with the package.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('..', import.meta.url));

export interface Block {
  readonly line: number;
  readonly code: string;
}

/** The blocks of one language, and the lines at which they begin. */
export function blocksOf(text: string, language: string): Block[] {
  const fences = text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'));
  return [...fences].map(({ 1: code = '', index }) => ({
    line: text.slice(0, index).split('\n').length,
    code,
  }));
}

/** Targets of links that are neither addresses nor places in the same text. */
export const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, to = '']) => to)
    .filter((to) => !/^\w+:/.test(to));

const read = (file: string): string => readFileSync(join(home, file), 'utf8');

const documents = (): string[] => ['README.md', ...globSync('docs/*.md', { cwd: home })];

/** Where an example is run, these are there. */
const canImport = /^keepsake(?:\/(?:react|vue|svelte|testing|inspector))?$|^(?:react|vue)$/;

const importsOf = (code: string): string[] =>
  [...code.matchAll(/\b(?:from|import) ?\(?'([^']+)'\)?;$/gm)].map(([, from = '']) => from);

/** The examples that are whole programs for a browser, by file and line: `docs/start.md-12`. */
export function runnableExamples(): Map<string, string> {
  const all = documents().flatMap((file) =>
    blocksOf(read(file), 'ts').map(({ line, code }) => [`${file}-${line}`, code] as const),
  );
  return new Map(
    all.filter(([, code]) => {
      const imports = importsOf(code);
      return imports.includes('keepsake') && imports.every((from) => canImport.test(from));
    }),
  );
}

function deadLinks(file: string, published: readonly string[]): string[] {
  return linksOf(read(file))
    .map((to) => normalize(join(dirname(file), to)))
    .filter(
      (to) =>
        !existsSync(join(home, to)) || !published.some((each) => to === each || to.startsWith(`${each}/`)),
    )
    .map((to) => `${file}: ${to} is not a file of the package`);
}

/** Names in reports/examples/ tell where a block stands: `docs_plugin.md-22.ts`. */
function writeExamples(files: readonly string[]): number {
  const folder = join(home, 'reports/examples');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const compilerOptions = {
    lib: ['ESNext', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    types: ['node'],
    paths: {
      keepsake: ['../../src/index.ts'],
      'keepsake/testing': ['../../src/testing-kit/testing-kit.ts'],
      'keepsake/warm': ['../../src/warm/warm.ts'],
      'keepsake/inspector': ['../../src/inspector/inspector.ts'],
      'keepsake/react': ['../../src/frameworks/react.ts'],
      'keepsake/vue': ['../../src/frameworks/vue.ts'],
      'keepsake/svelte': ['../../src/frameworks/svelte.ts'],
      'keepsake/codecs/*': ['../../src/codecs/*.ts'],
      'keepsake/codecs': ['../../src/codecs/codecs.ts'],
      'keepsake/*': ['../../src/plugin/*.ts'],
    },
  };
  const tsconfig = {
    extends: '../../tsconfig.json',
    compilerOptions,
    include: ['*.ts', '../../scripts/docs-names.d.ts', '../../scripts/docs-modules.d.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  let count = 0;
  for (const file of files) {
    for (const { line, code } of blocksOf(read(file), 'ts')) {
      writeFileSync(join(folder, `${file.replaceAll('/', '_')}-${line}.ts`), `${code}\nexport {};\n`);
      count += 1;
    }
  }
  return count;
}

if (import.meta.main) {
  const published: string[] = JSON.parse(read('package.json')).files;
  const files = documents();
  const linking = [...files, 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
  const dead = linking.flatMap((file) => deadLinks(file, published));
  for (const problem of dead) console.error(problem);
  const count = writeExamples(files);
  const { status } = spawnSync('tsc', ['-p', 'reports/examples'], { cwd: home, stdio: 'inherit' });
  if (status === 0 && dead.length === 0) console.log(`${count} examples compile, every link leads somewhere`);
  process.exitCode = status === 0 && dead.length === 0 ? 0 : 1;
}
