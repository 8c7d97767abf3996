import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as esbuild from 'esbuild';

const runtimeSource = fileURLToPath(new URL('./runtime.ts', import.meta.url));
let runtime: Promise<string> | undefined;

/** The library's stand-in, built once for all programs. */
export function stubbedLibrary(): Promise<string> {
  runtime ??= buildRuntime();
  return runtime;
}

async function buildRuntime(): Promise<string> {
  const outfile = join(realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-forms-'))), 'runtime.mjs');
  await esbuild.build({
    entryPoints: [runtimeSource],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
  });
  return outfile;
}

/** Runs a module in a realm of its own and gives what it posts. @throws where it fails, or takes more than the time */
export function runInWorker<Answer>(file: string, timeoutMs = 20_000): Promise<Answer> {
  const worker = new Worker(file);
  return new Promise<Answer>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => clearTimeout(timer));
  }).finally(() => worker.terminate());
}
