/** `npm run consumers:testing`: keepsake/testing in Node, jsdom and happy-dom, and in the oldest Node that "engines" names. */
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, pack, workFolder } from './prepare.ts';

pack();
const folder = workFolder('testing');
cpSync(fileURLToPath(new URL('testing', import.meta.url)), folder, { recursive: true });
install(folder);

const vitest = (environment: string): string[] => [
  process.execPath,
  join(folder, 'node_modules/vitest/vitest.mjs'),
  'run',
  `--environment=${environment}`,
];
const node = (name: string): string[] => [join(folder, 'node_modules', name, 'bin/node'), 'plain.js'];

const ways: Readonly<Record<string, readonly string[]>> = {
  'Node, vitest': vitest('node'),
  jsdom: vitest('jsdom'),
  'happy-dom': vitest('happy-dom'),
  'Node 22.12': node('node-22'),
};
const failed = Object.entries(ways).filter(([name, [program = '', ...args]]) => {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
  });
  console.log(`${status === 0 ? '✓' : '✗'} ${name}${status === 0 ? '' : `\n${stdout}${stderr}`}`);
  return status !== 0;
}).length;
console.log(`\n${Object.keys(ways).length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
