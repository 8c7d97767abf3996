/** Type-checks every thread with its own library: page, storage worker, demo, bench, tests and tools. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const projects = [
  'src',
  'src/tsconfig.test.json',
  'src/blobs/worker',
  'src/plugin',
  'demo',
  'demo/tsconfig.worker.json',
  'e2e',
  'bench',
  'bench/page',
  'bench/page/tsconfig.worker.json',
];
const failed = projects
  .filter((project) => existsSync(project))
  .filter((project) => spawnSync('tsc', ['-p', project], { stdio: 'inherit' }).status !== 0);
if (failed.length > 0) console.error(`Type errors in ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
