/**
 * XXH64, seed 0, in plain TypeScript: for pages whose policy refuses WebAssembly.
 * After the xxHash specification, "XXH64 algorithm", https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.
 */
import { multiplyHigh } from './multiply.ts';
import { avalanche64, mask64, prime64, read32, read64 } from './xxh-arithmetic.ts';

const stripeBytes = 32;
const low = (value: bigint): number => Number(value & 0xffffffffn);
const high = (value: bigint): number => Number((value >> 32n) & 0xffffffffn);
const [, first, second, third, fourth, fifth] = prime64;
const firstWords = [low(first), high(first)] as const;
const secondWords = [low(second), high(second)] as const;

const rotate = (value: bigint, bits: bigint): bigint => ((value << bits) | (value >> (64n - bits))) & mask64;
const round = (lane: bigint, input: bigint): bigint =>
  (rotate((lane + input * second) & mask64, 31n) * first) & mask64;

/** One round of one lane in 32-bit halves: lane = rotate(lane + input * second, 31) * first. */
function roundInPlace(lanes: Uint32Array, lane: number, inputLow: number, inputHigh: number): void {
  const [factorLow, factorHigh] = secondWords;
  const sumLow = (lanes[lane] ?? 0) + (Math.imul(inputLow, factorLow) >>> 0);
  const cross = Math.imul(inputLow, factorHigh) + Math.imul(inputHigh, factorLow);
  const sumHigh =
    (lanes[lane + 1] ?? 0) + multiplyHigh(inputLow, factorLow) + cross + (sumLow > 0xffffffff ? 1 : 0);
  const rotatedLow = ((sumLow << 31) | ((sumHigh >>> 0) >>> 1)) >>> 0;
  const rotatedHigh = ((sumHigh << 31) | ((sumLow >>> 0) >>> 1)) >>> 0;
  lanes[lane] = Math.imul(rotatedLow, firstWords[0]);
  lanes[lane + 1] =
    multiplyHigh(rotatedLow, firstWords[0]) +
    Math.imul(rotatedLow, firstWords[1]) +
    Math.imul(rotatedHigh, firstWords[0]);
}

/** Full stripes of a long input; returns what they come to. */
function stripes(bytes: Uint8Array, end: number): bigint {
  const start = [(first + second) & mask64, second, 0n, -first & mask64];
  const lanes = Uint32Array.from(start.flatMap((lane) => [low(lane), high(lane)]));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < end; at += stripeBytes) {
    for (let lane = 0; lane < 8; lane += 2) {
      roundInPlace(lanes, lane, view.getUint32(at + 4 * lane, true), view.getUint32(at + 4 * lane + 4, true));
    }
  }
  const values = Array.from(new BigUint64Array(lanes.buffer));
  const rotations = [1n, 7n, 12n, 18n];
  const sum =
    values.reduce((total, value, lane) => total + rotate(value, rotations[lane] ?? 0n), 0n) & mask64;
  return values.reduce((total, value) => ((total ^ round(0n, value)) * first + fourth) & mask64, sum);
}

/** The bytes after the last full stripe: by eight, by four, one by one. */
function rest(bytes: Uint8Array, start: number, digest: bigint): bigint {
  let value = digest;
  let at = start;
  for (; at + 8 <= bytes.length; at += 8) {
    value = (rotate(value ^ round(0n, read64(bytes, at)), 27n) * first + fourth) & mask64;
  }
  for (; at + 4 <= bytes.length; at += 4) {
    value = (rotate(value ^ ((BigInt(read32(bytes, at)) * first) & mask64), 23n) * second + third) & mask64;
  }
  for (; at < bytes.length; at++) {
    value = (rotate(value ^ ((BigInt(bytes[at] ?? 0) * fifth) & mask64), 11n) * first) & mask64;
  }
  return value;
}

/** Checksum of the bytes. */
export function plainXxh64(bytes: Uint8Array): bigint {
  const end = bytes.length - (bytes.length % stripeBytes);
  const start = end > 0 ? stripes(bytes, end) : fifth;
  return avalanche64(rest(bytes, end, (start + BigInt(bytes.length)) & mask64));
}
