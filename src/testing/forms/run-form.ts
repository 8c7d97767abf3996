import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as esbuild from 'esbuild';
import { keepsake } from '../../plugin/esbuild.ts';
import type { FormRun } from './runtime.ts';

export type FormFiles = Readonly<Record<string, string>>;

export interface BuiltForm {
  readonly runs: readonly FormRun[];
  readonly warnings: readonly string[];
}

const runtimeSource = fileURLToPath(new URL('./runtime.ts', import.meta.url));
let runtime: Promise<string> | undefined;

/** The runtime, built once for all programs. */
async function buildRuntime(): Promise<string> {
  const outfile = join(realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-forms-'))), 'runtime.mjs');
  await esbuild.build({ entryPoints: [runtimeSource], bundle: true, format: 'esm', platform: 'node', outfile });
  return outfile;
}

const memoryFile = "import { Memory } from 'keepsake'\nexport const memory = new Memory({ name: 'm' })";

/** Builds a program with the plugin and runs it in a realm of its own. */
export async function runForm(files: FormFiles, call: string, options: { minify?: boolean; plugin?: boolean } = {}): Promise<BuiltForm> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-form-')));
  try {
    for (const [file, content] of Object.entries({ 'memory.ts': memoryFile, ...files })) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
    runtime ??= buildRuntime();
    const library = await runtime;
    const main = 'main.tsx' in files ? './main.tsx' : './main';
    const build = await esbuild.build({
      stdin: {
        contents: `import * as program from '${main}'; import { runProgram } from 'keepsake'; import { parentPort } from 'node:worker_threads'; parentPort.postMessage(await runProgram(program, ${call}));`,
        resolveDir: root,
      },
      absWorkingDir: root,
      alias: { keepsake: library },
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['node:worker_threads', library],
      outfile: join(root, 'out.mjs'),
      logLevel: 'silent',
      minify: options.minify === true,
      tsconfigRaw: '{}',
      plugins: options.plugin === false ? [] : [keepsake({ cacheDir: false, manifest: false })],
    });
    const warnings = build.warnings.map((each) => each.text).filter((text) => text.includes('[keepsake'));
    return { runs: await inWorker(join(root, 'out.mjs')), warnings };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function inWorker(file: string): Promise<FormRun[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file);
    worker.once('message', (runs: FormRun[]) => {
      resolve(runs);
      void worker.terminate(); // it has said all it has to say
    });
    worker.once('error', reject);
  });
}
