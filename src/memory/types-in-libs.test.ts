import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const source = fileURLToPath(new URL('..', import.meta.url));
// Inside of the project, so that its packages are found.
const folder = mkdtempSync(join(source, '../reports-types-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the compiler says of the file with this library. */
function compile(lib: string): string {
  const config = join(folder, `${lib}.json`);
  const options = {
    extends: join(source, 'tsconfig.json'),
    compilerOptions: { lib: [lib, 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'], types: [] },
    files: [join(source, 'memory/types-in-libs.test-d.ts')],
    include: [],
    exclude: [],
  };
  writeFileSync(config, JSON.stringify(options));
  return spawnSync('tsc', ['-p', config], { encoding: 'utf8' }).stdout;
}

test.each(['ES2022', 'ES2023', 'ES2024', 'ESNext'])('mapped results keep their types under lib %s', (lib) => {
  expect(compile(lib)).toBe('');
});
