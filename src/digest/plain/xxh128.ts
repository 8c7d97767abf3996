/**
 * XXH3, 128 bits, seed 0, in plain TypeScript: for pages whose policy refuses WebAssembly.
 * After the xxHash specification, "XXH3 algorithm", https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.
 * Long input runs through 32-bit halves; short input and the end, which are done once, use bigints.
 */
import type { Hasher } from '../hasher.ts';
import { multiplyHigh } from './multiply.ts';
import { avalanche, fold, mask64, prime32, prime64, read64 } from './xxh-arithmetic.ts';
import { secret, shortDigest } from './xxh128-short.ts';

const stripeBytes = 64;
const longestShort = 240;
/** Of the secret, which moves 8 bytes on with each stripe of 64: (192 - 64) / 8. */
const stripesPerBlock = 16;
const scrambleOffset = 128;
const lastStripeOffset = 121;

const initialLanes = [
  prime32[3],
  prime64[1],
  prime64[2],
  prime64[3],
  prime64[4],
  prime32[2],
  prime64[5],
  prime32[1],
];

const wordsAt = (offset: number): Uint32Array =>
  new Uint32Array(secret.slice(offset, offset + stripeBytes).buffer);
const stripeSecrets = Array.from({ length: stripesPerBlock }, (_, stripe) => wordsAt(8 * stripe));
const scrambleSecret = wordsAt(scrambleOffset);
const lastStripeSecret = wordsAt(lastStripeOffset);
const scrambleFactor = Number(prime32[1]);

/** lanes[i ^ 1] += data; lanes[i] += low(data ^ secret) * high(data ^ secret), each of 64 bits in two words. */
function accumulate(lanes: Uint32Array, data: DataView, at: number, key: Uint32Array): void {
  for (let lane = 0; lane < 16; lane += 2) {
    const low = data.getUint32(at + 4 * lane, true);
    const high = data.getUint32(at + 4 * lane + 4, true);
    const keyLow = (low ^ (key[lane] ?? 0)) >>> 0;
    const keyHigh = (high ^ (key[lane + 1] ?? 0)) >>> 0;
    add(lanes, lane ^ 2, low, high);
    add(lanes, lane, Math.imul(keyLow, keyHigh) >>> 0, multiplyHigh(keyLow, keyHigh));
  }
}

function add(lanes: Uint32Array, lane: number, low: number, high: number): void {
  const sum = (lanes[lane] ?? 0) + low;
  lanes[lane] = sum;
  lanes[lane + 1] = (lanes[lane + 1] ?? 0) + high + (sum > 0xffffffff ? 1 : 0);
}

/** At the end of a block: lane = (lane ^ lane >> 47 ^ secret) * prime. */
function scramble(lanes: Uint32Array): void {
  for (let lane = 0; lane < 16; lane += 2) {
    const high = lanes[lane + 1] ?? 0;
    const mixedLow = ((lanes[lane] ?? 0) ^ (high >>> 15) ^ (scrambleSecret[lane] ?? 0)) >>> 0;
    const mixedHigh = (high ^ (scrambleSecret[lane + 1] ?? 0)) >>> 0;
    lanes[lane] = Math.imul(mixedLow, scrambleFactor);
    lanes[lane + 1] = multiplyHigh(mixedLow, scrambleFactor) + Math.imul(mixedHigh, scrambleFactor);
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** All of the state is one run of bytes, so that it can be set aside. */
class PlainXxh128 implements Hasher {
  readonly #state = new Uint8Array(456);
  readonly #lanes = new Uint32Array(this.#state.buffer, 0, 16);
  /** Bytes so far, stripes of the current block, bytes carried over. */
  readonly #counts = new Float64Array(this.#state.buffer, 64, 3);
  /** The start of the input: all of it, if it is short. */
  readonly #head = this.#state.subarray(88, 88 + longestShort);
  /** Input that is no full stripe yet, or may be the last one. */
  readonly #carry = this.#state.subarray(328, 328 + stripeBytes);
  /** The stripe that went before what is carried. */
  readonly #previous = this.#state.subarray(392, 392 + stripeBytes);
  readonly #carryView = viewOf(this.#carry);

  constructor() {
    this.reset();
  }

  reset(): void {
    this.#counts.fill(0);
    for (const [lane, value] of initialLanes.entries()) {
      this.#lanes[2 * lane] = Number(value & 0xffffffffn);
      this.#lanes[2 * lane + 1] = Number(value >> 32n);
    }
  }

  update(bytes: Uint8Array): void {
    const [total = 0] = this.#counts;
    if (total < longestShort) this.#head.set(bytes.subarray(0, longestShort - total), total);
    this.#counts[0] = total + bytes.length;
    for (let at = 0; at < bytes.length; ) at = this.#take(bytes, at);
  }

  digest(): Uint8Array {
    const [total = 0, , carried = 0] = this.#counts;
    if (total <= longestShort) return shortDigest(this.#head.subarray(0, total));
    const lanes = this.#lanes.slice();
    const end = new Uint8Array(2 * stripeBytes);
    end.set(this.#previous);
    end.set(this.#carry.subarray(0, carried), stripeBytes);
    accumulate(lanes, viewOf(end), carried, lastStripeSecret);
    return merge(lanes, BigInt(total));
  }

  save(): Uint8Array {
    return this.#state.slice();
  }

  load(state: Uint8Array): void {
    this.#state.set(state);
  }

  /** Takes the next bytes; a stripe counts only when something follows it. */
  #take(bytes: Uint8Array, start: number): number {
    let at = start;
    if (this.#counts[2] === stripeBytes) {
      this.#consume(this.#carryView, 0);
      this.#previous.set(this.#carry);
      this.#counts[2] = 0;
    }
    if (this.#counts[2] === 0 && bytes.length - at > stripeBytes) {
      const view = viewOf(bytes);
      for (; bytes.length - at > stripeBytes; at += stripeBytes) this.#consume(view, at);
      this.#previous.set(bytes.subarray(at - stripeBytes, at));
    }
    const carried = this.#counts[2] ?? 0;
    const piece = bytes.subarray(at, at + stripeBytes - carried);
    this.#carry.set(piece, carried);
    this.#counts[2] = carried + piece.length;
    return at + piece.length;
  }

  #consume(view: DataView, at: number): void {
    const stripe = this.#counts[1] ?? 0;
    accumulate(this.#lanes, view, at, stripeSecrets[stripe] ?? lastStripeSecret);
    if (stripe + 1 === stripesPerBlock) scramble(this.#lanes);
    this.#counts[1] = (stripe + 1) % stripesPerBlock;
  }
}

function merge(lanes: Uint32Array, length: bigint): Uint8Array {
  const bytes = new Uint8Array(lanes.buffer);
  const mergeFrom = (offset: number, start: bigint): bigint => {
    let result = start;
    for (let at = 0; at < 64; at += 16) {
      const low = read64(bytes, at) ^ read64(secret, offset + at);
      result += fold(low, read64(bytes, at + 8) ^ read64(secret, offset + at + 8));
    }
    return avalanche(result & mask64);
  };
  const digest = new DataView(new ArrayBuffer(16));
  digest.setBigUint64(8, mergeFrom(11, (length * prime64[1]) & mask64));
  digest.setBigUint64(0, mergeFrom(117, ~(length * prime64[2]) & mask64));
  return new Uint8Array(digest.buffer);
}

/** A hasher with the digests of XXH3-128, without WebAssembly. */
export const createPlainXxh128 = (): Hasher => new PlainXxh128();
