import { beforeAll, describe, expect, test } from 'vitest';
import { DamagedEntryError, UnsupportedFormatError } from '../errors/errors.ts';
import { encodeNow as encode } from '../testing/encode-now.ts';
import { type BufferSource, decode, loadRareReaders } from './codec.ts';

beforeAll(loadRareReaders);

const nothing: BufferSource = { buffer: () => new ArrayBuffer(0) };

describe('hostile input', () => {
  test('decode() rejects another format, another kind of file, and nothing', () => {
    const { skeleton } = encode({ a: 1 });
    const newer = skeleton.slice();
    newer[2] = 9;
    expect(() => decode(newer, nothing)).toThrow(UnsupportedFormatError);
    expect(() => decode(skeleton.slice().reverse(), nothing)).toThrow(DamagedEntryError);
    expect(() => decode(new Uint8Array(), nothing)).toThrow(DamagedEntryError);
  });

  test('decode() rejects every truncation', () => {
    const { skeleton } = encode({
      a: [1, 'b', new Map([[1, { c: new Float32Array(2) }]])],
      d: new Error('e'),
    });
    for (let length = 0; length < skeleton.length; length++) {
      expect(() => decode(skeleton.subarray(0, length), nothing)).toThrow(DamagedEntryError);
    }
  });

  test('decode() rejects memory of another length', () => {
    const { skeleton } = encode(new Float32Array(1000));
    expect(() => decode(skeleton, { buffer: () => new ArrayBuffer(8) })).toThrow(DamagedEntryError);
  });

  /** A skeleton of these nodes, without buffers and text. */
  const skeletonOf = (nodeBytes: readonly number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(16));
    view.setUint32(0, 0x0002534b, true);
    for (const [index, length] of [1, 1, nodeBytes.length].entries())
      view.setUint32(4 + 4 * index, length, true);
    return Uint8Array.from([...new Uint8Array(view.buffer), 0, 0, ...nodeBytes]);
  };

  test('decode() allocates little for nested arrays that all claim the rest of the data', () => {
    const claims = Array.from({ length: 50_000 }, () => [13, 0xe0, 0xd4, 0x03]).flat();
    const before = process.memoryUsage().rss;
    expect(() => decode(skeletonOf(claims), nothing)).toThrow(DamagedEntryError);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  });

  test('decode() survives 100,000 boxes in boxes, and an array of the greatest length', () => {
    expect(() => decode(skeletonOf(new Array(100_000).fill(20)), nothing)).toThrow(DamagedEntryError);
    const longest = decode(skeletonOf([17, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0]), nothing);
    expect(longest).toHaveProperty('length', 4_294_967_295);
    expect(() => decode(skeletonOf([17, 0x80, 0x80, 0x80, 0x80, 0x10, 0, 0]), nothing)).toThrow(
      DamagedEntryError,
    );
  });
});
