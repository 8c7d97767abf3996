import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { keepsake } from '../../plugin/esbuild.ts';
import { runInWorker, stubbedLibrary } from '../forms/run-in-worker.ts';
import type { FunctionRun } from '../forms/runtime.ts';
import type { PackageProgram } from './programs.ts';

const installed = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** A program with copies of packages as its own sources. It can be edited, built with the plugin, and run. */
export class PackageProject {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-packages-')));
  readonly #program: PackageProgram;
  readonly #plugin = keepsake({
    cacheDir: false,
    manifest: false,
    ignore: ['FP002', 'FP005', 'FP007', 'FP008'],
  });

  constructor(program: PackageProgram) {
    this.#program = program;
    for (const [name, [from, , source = name]] of Object.entries(program.packages)) {
      cpSync(join(installed, source, from), join(this.root, 'lib', name, from), {
        recursive: true,
        filter: (file) => !/\.(?:map|d\.ts|min\.m?js)$/.test(file),
      });
    }
    mkdirSync(join(this.root, 'node_modules'), { recursive: true });
    const functions = Object.entries(program.functions).map(
      ([name, body]) => `export const ${name} = memory.cache((x) => (${body}));`,
    );
    writeFileSync(
      join(this.root, 'memory.js'),
      "import { Memory } from 'keepsake'; export const memory = new Memory();",
    );
    writeFileSync(
      join(this.root, 'main.js'),
      [program.imports, "import { memory } from './memory.js';", ...functions].join('\n'),
    );
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  write(file: string, source: string): void {
    writeFileSync(join(this.root, file), source);
  }

  /** Builds and runs the program; undefined where it cannot be built or ended. */
  async run(): Promise<
    { readonly runs: readonly FunctionRun[]; readonly files: readonly string[] } | undefined
  > {
    const library = await stubbedLibrary();
    try {
      const { metafile } = await esbuild.build({
        stdin: {
          contents:
            "import * as program from './main.js'; import { runFunctions } from 'keepsake'; import { parentPort } from 'node:worker_threads'; parentPort.postMessage(await runFunctions(program));",
          resolveDir: this.root,
        },
        ...{
          absWorkingDir: this.root,
          bundle: true,
          format: 'esm',
          platform: 'node',
          metafile: true,
          logLevel: 'silent',
        },
        alias: { keepsake: library, ...this.#aliases() },
        external: ['node:worker_threads', library],
        nodePaths: [installed],
        outfile: join(this.root, 'out', 'main.mjs'),
        plugins: [this.#plugin],
      });
      const files = Object.keys(metafile.inputs).filter((file) => file.startsWith('lib/'));
      return { runs: await runInWorker(join(this.root, 'out', 'main.mjs'), 5000), files };
    } catch (e) {
      if (process.env.ZZ) console.log(String(e).slice(0, 600));
      return undefined;
    }
  }

  #aliases(): Record<string, string> {
    const aliases: Record<string, string> = {};
    for (const [name, [from, entry]] of Object.entries(this.#program.packages)) {
      aliases[name] = join(this.root, 'lib', name, entry);
      if (from !== '') aliases[`${name}/${from}`] = join(this.root, 'lib', name, from);
    }
    return aliases;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
