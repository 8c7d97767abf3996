/**
 * SHA-256 in plain TypeScript: for pages whose policy refuses WebAssembly. crypto.subtle will not do: it is
 * asynchronous and takes all input at once. After FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4.
 */
import type { Hasher } from '../hasher.ts';

const blockBytes = 64;

/** The first primes, as many as asked. */
function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

/** The first 32 bits of the fraction of a root, which is where the standard takes its constants from. */
const rootFraction = (prime: number, degree: bigint): number => {
  const scaled = BigInt(prime) << (32n * degree);
  let root = BigInt(Math.floor(prime ** (1 / Number(degree)) * 2 ** 32));
  while (root ** degree > scaled) root--;
  while ((root + 1n) ** degree <= scaled) root++;
  return Number(root & 0xffffffffn);
};

const initial = Uint32Array.from(primes(8), (prime) => rootFraction(prime, 2n));
const constants = Uint32Array.from(primes(64), (prime) => rootFraction(prime, 3n));

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

const schedule = new Int32Array(64);

function fillSchedule(view: DataView, start: number): void {
  for (let index = 0; index < 16; index++) schedule[index] = view.getInt32(start + 4 * index);
  for (let index = 16; index < 64; index++) {
    const near = schedule[index - 2] ?? 0;
    const far = schedule[index - 15] ?? 0;
    const mixedFar = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3);
    const mixedNear = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10);
    schedule[index] = (schedule[index - 16] ?? 0) + mixedFar + (schedule[index - 7] ?? 0) + mixedNear;
  }
}

/** One block into the eight words; their letters are the standard's. */
function compress(words: Uint32Array, view: DataView, start: number): void {
  fillSchedule(view, start);
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = words;
  for (let index = 0; index < 64; index++) {
    const choice = (e & f) ^ (~e & g);
    const bigE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const one = (h + bigE + choice + (constants[index] ?? 0) + (schedule[index] ?? 0)) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) words[index] = (words[index] ?? 0) + word;
}

/** All of the state is one run of bytes, so that it can be set aside. */
class PlainSha256 implements Hasher {
  readonly #state = new Uint8Array(40 + blockBytes);
  readonly #words = new Uint32Array(this.#state.buffer, 0, 8);
  readonly #byteCount = new Float64Array(this.#state.buffer, 32, 1);
  readonly #block = this.#state.subarray(40);
  readonly #blockView = new DataView(this.#state.buffer, 40);

  constructor() {
    this.reset();
  }

  reset(): void {
    this.#words.set(initial);
    this.#byteCount[0] = 0;
  }

  update(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let filled = (this.#byteCount[0] ?? 0) % blockBytes;
    this.#byteCount[0] = (this.#byteCount[0] ?? 0) + bytes.length;
    for (let at = 0; at < bytes.length; ) {
      if (filled === 0 && bytes.length - at >= blockBytes) {
        compress(this.#words, view, at);
        at += blockBytes;
        continue;
      }
      const piece = bytes.subarray(at, at + blockBytes - filled);
      this.#block.set(piece, filled);
      at += piece.length;
      filled = (filled + piece.length) % blockBytes;
      if (filled === 0) compress(this.#words, this.#blockView, 0);
    }
  }

  digest(): Uint8Array {
    const [byteCount = 0] = this.#byteCount;
    const padded = new Uint8Array(
      blockBytes * (byteCount % blockBytes < 56 ? 1 : 2) - (byteCount % blockBytes),
    );
    padded[0] = 0x80;
    new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(byteCount) * 8n);
    this.update(padded);
    const digest = new DataView(new ArrayBuffer(32));
    for (const [index, word] of this.#words.entries()) digest.setUint32(4 * index, word);
    return new Uint8Array(digest.buffer);
  }

  save(): Uint8Array {
    return this.#state.slice();
  }

  load(state: Uint8Array): void {
    this.#state.set(state);
  }
}

/** A hasher with the digests of SHA-256, without WebAssembly. */
export const createPlainSha256 = (): Hasher => new PlainSha256();
