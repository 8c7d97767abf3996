import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { keepsake } from '../../plugin/esbuild.ts';
import { runInWorker, stubbedLibrary } from './run-in-worker.ts';
import type { FormRun } from './runtime.ts';

export type FormFiles = Readonly<Record<string, string>>;

export interface BuiltForm {
  readonly runs: readonly FormRun[];
  readonly warnings: readonly string[];
}

const memoryFile = "import { Memory } from 'keepsake'\nexport const memory = new Memory({ name: 'm' })";

/** Builds a program with the plugin and runs it in a realm of its own. */
export async function runForm(
  files: FormFiles,
  call: string,
  options: { minify?: boolean; plugin?: boolean } = {},
): Promise<BuiltForm> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-form-')));
  try {
    for (const [file, content] of Object.entries({ 'memory.ts': memoryFile, ...files })) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
    const library = await stubbedLibrary();
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
    return { runs: await runInWorker<FormRun[]>(join(root, 'out.mjs')), warnings };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
