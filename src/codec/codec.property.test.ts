import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { DamagedEntryError, UnsupportedFormatError } from '../errors/errors.ts';
import { type KeyHasher, loadRareKinds, openKeyHasher } from '../keys/keys.ts';
import { encodeNow as encode } from '../testing/encode-now.ts';
import { anyValue } from '../testing/values-arbitrary.ts';
import {
  type BufferSource,
  decode,
  loadRareReaders,
  type OutOfBandBuffer,
  outOfBandTable,
  parseSafetensorsHeader,
  safetensorsHeader,
} from './codec.ts';

let hasher: KeyHasher;

beforeAll(async () => {
  hasher = await openKeyHasher('xxh128');
  await Promise.all([loadRareKinds(), loadRareReaders()]);
});

const runs = { numRuns: 10_000 };

const sourceOf = (buffers: readonly OutOfBandBuffer[]): BufferSource => ({
  buffer(index) {
    const buffer = buffers[index];
    return buffer?.kind === 'memory' ? (buffer.bytes.slice().buffer as ArrayBuffer) : new ArrayBuffer(0);
  },
});

test('decode() of encode() is the value', () => {
  fc.assert(
    fc.property(anyValue({ cycles: true }), fc.constantFrom(0, 4, 256), (value, inlineBytes) => {
      const { skeleton, buffers } = encode(value, { inlineBytes });
      expect(outOfBandTable(skeleton).map(({ byteLength }) => byteLength)).toEqual(
        buffers.map((buffer) => (buffer.kind === 'memory' ? buffer.bytes.length : buffer.blob.size)),
      );
      const decoded = decode(skeleton, sourceOf(buffers));
      expect(isDeepStrictEqual(decoded, value)).toBe(true);
      expect(hasher.digest(decoded)).toBe(hasher.digest(value));
    }),
    runs,
  );
}, 60_000);

/** Damage of one of the usual sorts. */
const damage = fc.record({
  sort: fc.constantFrom('flip', 'set', 'cut', 'splice', 'double'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  byte: fc.integer({ min: 0, max: 255 }),
});

function damaged(
  bytes: Uint8Array,
  { sort, at, byte }: { sort: string; at: number; byte: number },
): Uint8Array {
  const copy = bytes.slice();
  const index = Math.floor(at * bytes.length);
  if (sort === 'flip') copy[index]! ^= 1 << (byte % 8);
  else if (sort === 'set') copy[index] = byte;
  else if (sort === 'cut') return copy.subarray(0, index);
  else if (sort === 'splice')
    return Uint8Array.from([...copy.subarray(0, index), byte, ...copy.subarray(index + (byte % 3))]);
  else
    return Uint8Array.from([
      ...copy.subarray(0, index),
      ...copy.subarray(index - Math.min(index, byte % 16)),
    ]);
  return copy;
}

/** Runs a reader that may only fail with an error of ours, and soon. */
function expectTyped(read: () => unknown): void {
  const start = performance.now();
  try {
    read();
  } catch (error) {
    if (!(error instanceof DamagedEntryError) && !(error instanceof UnsupportedFormatError)) throw error;
  }
  expect(performance.now() - start).toBeLessThan(1000);
}

test('decode() of a damaged skeleton fails with a typed error or not at all', () => {
  const pollution = Object.keys(Object.prototype).length;
  fc.assert(
    fc.property(
      anyValue({ cycles: true }),
      fc.array(damage, { minLength: 1, maxLength: 3 }),
      (value, damages) => {
        const { skeleton, buffers } = encode(value);
        const bytes = damages.reduce(damaged, skeleton);
        expectTyped(() => decode(bytes, sourceOf(buffers)));
        expectTyped(() => outOfBandTable(bytes));
      },
    ),
    { numRuns: 20_000 },
  );
  expect(Object.keys(Object.prototype)).toHaveLength(pollution);
}, 60_000);

test('decode() of arbitrary sections fails with a typed error or not at all', () => {
  const header = (lengths: readonly number[]) => {
    const view = new DataView(new ArrayBuffer(16));
    view.setUint32(0, 0x0001534b, true);
    for (const [index, length] of lengths.entries()) view.setUint32(4 + 4 * index, length, true);
    return new Uint8Array(view.buffer);
  };
  const section = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.array(fc.integer({ min: 0, max: 34 }), { maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
  );
  const text = Uint8Array.from([1, 0, 40, 40, ...new TextEncoder().encode('a'.repeat(40))]);
  fc.assert(
    fc.property(section, section, fc.boolean(), (table, nodes, isTableEmpty) => {
      const parts = [isTableEmpty ? Uint8Array.of(0) : table, text, nodes];
      const bytes = [header(parts.map((part) => part.length)), ...parts].flatMap((part) => [...part]);
      expectTyped(() => decode(Uint8Array.from(bytes), sourceOf([])));
    }),
    { numRuns: 20_000 },
  );
}, 60_000);

test('parseSafetensorsHeader() of a damaged header fails with a typed error or not at all', () => {
  const tensor = fc.record({
    name: fc.oneof(fc.constantFrom('a', '__proto__', '__metadata__', 'constructor'), fc.string()),
    dtype: fc.constantFrom('F64', 'F32', 'U8', 'I16'),
    elementCount: fc.nat(1000),
  } as const);
  fc.assert(
    fc.property(
      fc.array(tensor, { maxLength: 4 }),
      fc.array(damage, { maxLength: 3 }),
      (tensors, damages) => {
        const { header, offsets, names, byteLength } = safetensorsHeader(
          tensors as Parameters<typeof safetensorsHeader>[0],
          { made: 'here' },
        );
        const file = parseSafetensorsHeader(header);
        expect(file.byteLength).toBe(byteLength);
        for (const [index, name] of names.entries()) {
          expect(file.tensors.find((each) => each.name === name)?.byteOffset).toBe(offsets[index]);
        }
        expectTyped(() => parseSafetensorsHeader(damages.reduce(damaged, header)));
      },
    ),
    runs,
  );
}, 60_000);
