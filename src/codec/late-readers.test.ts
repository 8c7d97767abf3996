/** Values whose readers have still to come, or cannot be had. */
import { beforeEach, expect, test, vi } from 'vitest';
import { encodeNow as encode } from '../testing/encode-now.ts';

beforeEach(() => {
  vi.resetModules();
  vi.doUnmock('./rare-readers.ts');
});

const nothing = { buffer: () => new ArrayBuffer(0) };
const values = (): unknown[] => [
  {
    first: [1, 2],
    late: [new RangeError('far'), Object.freeze({ x: /a/g })],
    last: new URL('https://a.b/c'),
  },
  Object.assign(new Array(3), { 2: 'last', name: 'holes' }),
  new Map([[Object(1), new Map([['again', new Error('inner', { cause: new Error('outer') })]])]]),
];

test('decode() waits for the part that reads what is rare, in the middle of a value; from then on it does not', async () => {
  const { decode } = await import('./codec.ts');
  const [first, ...others] = values().map((value) => decode(encode(value).skeleton, nothing));
  expect(first).toBeInstanceOf(Promise);
  expect(await Promise.all([first, ...others])).toEqual(values());
  expect(values().map((value) => decode(encode(value).skeleton, nothing))).toEqual(values());
});

test('decode() needs no part for plain data', async () => {
  vi.doMock('./rare-readers.ts', () => Promise.reject(new Error('offline')));
  const { decode } = await import('./codec.ts');
  const plain = { a: [1, 'b', null, 2n ** 70n, -0.5], m: new Map([[new Date(0), new Set([true])]]) };
  expect(decode(encode(plain).skeleton, nothing)).toEqual(plain);
});

test('decode() says that a part is missing, and not that the entry is damaged; damage stays damage', async () => {
  vi.doMock('./rare-readers.ts', () => Promise.reject(new Error('offline')));
  const { decode } = await import('./codec.ts');
  const { skeleton } = encode([new Error('x')]);
  await expect(decode(skeleton, nothing)).rejects.toMatchObject({ name: 'ChunkError' });
  const torn = encode(true).skeleton.slice();
  torn[torn.length - 1] = 0xee; // no node has this tag
  expect(() => decode(torn, nothing)).toThrow(/unknown node/);
});
