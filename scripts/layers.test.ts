import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkLayers } from './layers.ts';

let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'keepsake-layers-'));
  for (const name of ['src', '.dependency-cruiser.js', 'package.json', 'tsconfig.json'])
    cpSync(name, join(copy, name), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));
});

afterEach(() => rmSync(copy, { recursive: true }));

const violations: readonly [what: string, file: string, source: string, rule: string][] = [
  [
    'an import of a higher room',
    'src/values/wrong.ts',
    "import { Memory } from '../memory/memory.ts';\nexport const wrong = Memory;\n",
    'values-imports-only-lower-layers',
  ],
  [
    'an import past a door',
    'src/memory/wrong.ts',
    "import { BLOCK_BYTES } from '../blobs/protocol.ts';\nexport const wrong = BLOCK_BYTES;\n",
    'enter-a-room-by-its-door',
  ],
  [
    'a type-only import between rooms of one layer',
    'src/codec/wrong.ts',
    "import type { Catalog } from '../catalog/catalog.ts';\nexport type Wrong = Catalog;\n",
    'codec-imports-only-lower-layers',
  ],
  [
    'idb outside the catalog',
    'src/locks/wrong.ts',
    "import { openDB } from 'idb';\nexport const wrong = openDB;\n",
    'idb-only-in-catalog',
  ],
  [
    'the page importing the worker',
    'src/blobs/wrong.ts',
    "import { SyncFiles } from './worker/sync-files.ts';\nexport const wrong = SyncFiles;\n",
    'nobody-imports-the-worker',
  ],
];

test('checkLayers() finds nothing in the project as it is', () => {
  expect(checkLayers(['src'], copy)).toEqual([]);
});

for (const [what, file, source, rule] of violations) {
  test(`checkLayers() reports ${what}`, () => {
    writeFileSync(join(copy, file), source);
    expect(checkLayers(['src'], copy).map((problem) => problem.split(':')[0])).toContain(rule);
  });
}

test('checkLayers() reports files that were not read', () => {
  mkdirSync(join(copy, 'src/none'));
  writeFileSync(
    join(copy, '.dependency-cruiser.js'),
    "export default { forbidden: [], options: { exclude: { path: '^src' } } };\n",
  );
  expect(checkLayers(['src'], copy).some((problem) => problem.endsWith('was not read'))).toBe(true);
});
