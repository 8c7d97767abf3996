/**
 * The edits of src/plugin/scenarios in other versions of Vite than the installed one, in builds and in development.
 *
 *   node scripts/scenarios.ts [6 7]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['6', '7'];

function inVite(version: string): boolean {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `keepsake-vite-${version}-`)));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `vite@${version}`], { cwd: folder });
    const tests = ['src/plugin/scenarios/builds.test.ts', 'src/plugin/scenarios/dev.test.ts'];
    const { status } = spawnSync(
      join('node_modules', '.bin', 'vitest'),
      ['run', '--silent=true', '--project=node', '-t', 'in a vite', ...tests],
      {
        stdio: 'inherit',
        env: { ...process.env, KEEPSAKE_VITE: join(folder, 'node_modules/vite/dist/node/index.js') },
      },
    );
    return status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const failed = versions.filter((version) => {
  console.log(`Vite ${version}`);
  return !inVite(version);
});
console.log(failed.length === 0 ? 'All hold.' : `Not all hold in Vite ${failed.join(', ')}.`);
process.exitCode = failed.length;
