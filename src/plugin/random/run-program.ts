import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import * as esbuild from 'esbuild';
import { Analyser } from '../graph/analyser.ts';
import { FileStore } from '../graph/file-store.ts';
import { Packages } from '../graph/packages.ts';
import { SummaryCache } from '../graph/summary-cache.ts';
import type { Mutation } from './mutate.ts';
import type { Program } from './program.ts';

const inputs = [0, 1, 2, 3, 5, 8, 13, -4, 21, 100];

/** Name of each function to its results on the inputs, as JSON. */
export type Results = ReadonlyMap<string, string>;

/** A generated program on disk: it can be analysed as the plugin does, and bundled and run. */
export class RunnableProgram {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-random-')));
  readonly #program: Program;
  readonly #files: FileStore;
  readonly #analyser: Analyser;
  readonly #cache = new SummaryCache(undefined);

  constructor(program: Program) {
    this.#program = program;
    this.#files = new FileStore(this.#cache);
    const packages = new Packages(this.#root);
    const classify = { packages, packageMode: () => 'version' as const }; // the literal, not string
    this.#analyser = new Analyser({
      root: this.#root,
      files: this.#files,
      names: {},
      salt: '',
      ...classify,
    });
    for (const [file, source] of program) writeFileSync(join(this.#root, file), source);
  }

  apply({ file, source }: Mutation): void {
    this.#write(file, source);
  }

  undo({ file }: Mutation): void {
    this.#write(file, this.#program.get(file) ?? '');
  }

  #write(file: string, source: string): void {
    writeFileSync(join(this.#root, file), source);
    this.#files.drop(join(this.#root, file));
    this.#analyser.recheck();
  }

  async fingerprints(): Promise<ReadonlyMap<string, string>> {
    const main = join(this.#root, 'main.ts');
    const resolve = async (specifier: string) => join(this.#root, `${specifier}.ts`);
    const { sites } = await this.#analyser.analyse(main, readFileSync(main, 'utf8'), {
      key: 'random',
      resolve,
    });
    if (sites.length === 0) throw new Error(`No memoised function in ${main}`);
    return new Map(sites.map((each) => [each.site.label, each.result.fingerprint]));
  }

  /** Bundles and runs the program; undefined where the mutation broke it as a whole. */
  async run(): Promise<Results | undefined> {
    try {
      const bundle = await esbuild.build({
        absWorkingDir: this.#root,
        entryPoints: ['main.ts'],
        bundle: true,
        write: false,
        format: 'iife',
        globalName: 'program',
        logLevel: 'silent',
        plugins: [memoryStub],
      });
      const script = `${bundle.outputFiles[0]?.text ?? ''}\n;results = run(program)`;
      const context = { results: new Map<string, string>(), run: callAll, console: { log: () => undefined } };
      runInNewContext(script, context, { timeout: 2000 });
      return context.results;
    } catch {
      return undefined;
    }
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

const memoryStub: esbuild.Plugin = {
  name: 'memory',
  setup(build) {
    build.onResolve({ filter: /^keepsake$/ }, ({ path }) => ({ path, namespace: 'stub' }));
    build.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({
      contents: 'export class Memory { cache(fn) { return fn; } }',
    }));
  },
};

function callAll(program: Record<string, (x: number) => unknown>): Results {
  const results = new Map<string, string>();
  for (const [name, fn] of Object.entries(program))
    results.set(name, inputs.map((input) => call(fn, input)).join(' '));
  return results;
}

function call(fn: (x: number) => unknown, input: number): string {
  try {
    return String(fn(input));
  } catch (error) {
    return `threw ${error instanceof Error ? error.name : 'something'}`;
  }
}
