/** Arguments whose writers have still to come, or cannot be had. */
import { beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
  vi.doUnmock('./rare-kinds.ts');
});

class Point {
  readonly x: number;

  constructor(x: number) {
    this.x = x;
  }
}

const values = (): unknown[] => [
  [1, new URL('https://a.b/c'), new Map([[new Point(1), new Error('x')]])],
  new Set([{ pattern: /a/g }, { pattern: /b/ }]),
  Object(1),
];

test('a digest waits for the part that hashes what is no plain data, and is the same as with it', async () => {
  const { loadRareKinds, openKeyHasher } = await import('./keys.ts');
  const hasher = await openKeyHasher('xxh128');
  const late = values().map((value) => hasher.digest(value));
  expect(late.map((each) => each instanceof Promise)).toEqual([true, true, true]);
  const digests = await Promise.all(late);
  await loadRareKinds();
  expect(values().map((value) => hasher.digest(value))).toEqual(digests);
  expect(new Set(digests).size).toBe(3);
});

test('refusals come late as well, and say the same', async () => {
  const { openKeyHasher } = await import('./keys.ts');
  const hasher = await openKeyHasher('xxh128');
  const late = hasher.digest([{ wait: Promise.resolve() }]);
  await expect(late).rejects.toMatchObject({ kind: 'UnhashableArgumentError', path: 'arguments[0].wait' });
});

test('plain data needs no part; what is no plain data says that it is missing', async () => {
  vi.doMock('./rare-kinds.ts', () => Promise.reject(new Error('offline')));
  const { openKeyHasher } = await import('./keys.ts');
  const hasher = await openKeyHasher('xxh128');
  const plain = [
    1,
    'a',
    { b: [undefined, null, 2n] },
    new Map([[1, new Date(0)]]),
    new Set([1]),
    new Uint8Array(3),
  ];
  expect(hasher.digest(plain)).toMatch(/^[0-9a-f]{32}$/);
  await expect(hasher.digest([/a/])).rejects.toMatchObject({ name: 'ChunkError' });
});
