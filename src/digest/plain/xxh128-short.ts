/** XXH3-128 of up to 240 bytes: five ways by length, as the specification has them. */
import { avalanche, avalanche64, fold, mask64, prime32, prime64, read32, read64 } from './xxh-arithmetic.ts';

/** The default secret: 192 bytes fixed by the specification. */
export const secret = Uint8Array.from(
  (
    'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221' +
    'b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8' +
    'fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb17' +
    '0ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e'
  ).match(/../g) ?? [],
  (byte) => Number.parseInt(byte, 16),
);

const flip = (at: number): bigint => read64(secret, at) ^ read64(secret, at + 8);

const swap64 = (value: bigint): bigint => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value);
  return view.getBigUint64(0, true);
};

function canonical(low: bigint, high: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setBigUint64(0, high);
  view.setBigUint64(8, low);
  return new Uint8Array(view.buffer);
}

function upTo3(input: Uint8Array): Uint8Array {
  const [first = 0, middle = 0, last = 0] = [0, input.length >> 1, input.length - 1].map((at) => input[at]);
  const low = ((first << 16) | (middle << 24) | last | (input.length << 8)) >>> 0;
  const swapped = Number(swap64(BigInt(low)) >> 32n);
  const high = ((swapped << 13) | (swapped >>> 19)) >>> 0;
  const keyLow = (low ^ read32(secret, 0) ^ read32(secret, 4)) >>> 0;
  const keyHigh = (high ^ read32(secret, 8) ^ read32(secret, 12)) >>> 0;
  return canonical(avalanche64(BigInt(keyLow)), avalanche64(BigInt(keyHigh)));
}

function upTo8(input: Uint8Array): Uint8Array {
  const { length } = input;
  const value = BigInt(read32(input, 0)) | (BigInt(read32(input, length - 4)) << 32n);
  const product = (value ^ flip(16)) * (prime64[1] + BigInt(length << 2));
  const high = ((product >> 64n) + ((product & mask64) << 1n)) & mask64;
  let low = (product & mask64) ^ (high >> 3n);
  low = ((low ^ (low >> 35n)) * 0x9fb21c651e98df25n) & mask64;
  return canonical(low ^ (low >> 28n), avalanche(high));
}

function upTo16(input: Uint8Array): Uint8Array {
  const { length } = input;
  const last = read64(input, length - 8);
  const product = (read64(input, 0) ^ last ^ flip(32)) * prime64[1];
  const keyed = last ^ flip(48);
  const high = ((product >> 64n) + keyed + (keyed & 0xffffffffn) * (prime32[2] - 1n)) & mask64;
  const low = (((product & mask64) + (BigInt(length - 1) << 54n)) & mask64) ^ swap64(high);
  const mixed = low * prime64[2];
  const mixedHigh = ((mixed >> 64n) + high * prime64[2]) & mask64;
  return canonical(avalanche(mixed & mask64), avalanche(mixedHigh));
}

/** Two 64-bit lanes over pairs of 16-byte pieces. */
class Mixer {
  readonly #input: Uint8Array;
  #low: bigint;
  #high = 0n;

  constructor(input: Uint8Array) {
    this.#input = input;
    this.#low = (BigInt(input.length) * prime64[1]) & mask64;
  }

  mix(first: number, second: number, key: number): void {
    this.#low = ((this.#low + this.#piece(first, key)) & mask64) ^ this.#sum(second);
    this.#high = ((this.#high + this.#piece(second, key + 16)) & mask64) ^ this.#sum(first);
  }

  avalanche(): void {
    this.#low = avalanche(this.#low);
    this.#high = avalanche(this.#high);
  }

  digest(): Uint8Array {
    const length = BigInt(this.#input.length);
    const high = this.#low * prime64[1] + this.#high * prime64[4] + length * prime64[2];
    return canonical(avalanche((this.#low + this.#high) & mask64), -avalanche(high & mask64) & mask64);
  }

  #piece(at: number, key: number): bigint {
    return fold(
      read64(this.#input, at) ^ read64(secret, key),
      read64(this.#input, at + 8) ^ read64(secret, key + 8),
    );
  }

  #sum(at: number): bigint {
    return (read64(this.#input, at) + read64(this.#input, at + 8)) & mask64;
  }
}

function upTo128(input: Uint8Array): Uint8Array {
  const { length } = input;
  const mixer = new Mixer(input);
  // From the middle outwards, 16 bytes from either end.
  for (let pair = (length - 1) >> 5; pair >= 0; pair--) {
    mixer.mix(16 * pair, length - 16 * (pair + 1), 32 * pair);
  }
  return mixer.digest();
}

function upTo240(input: Uint8Array): Uint8Array {
  const { length } = input;
  const mixer = new Mixer(input);
  for (let at = 0; at < 128; at += 32) mixer.mix(at, at + 16, at);
  mixer.avalanche();
  for (let at = 128; at + 32 <= length; at += 32) mixer.mix(at, at + 16, at - 125);
  mixer.mix(length - 16, length - 32, 103);
  return mixer.digest();
}

/** Digest of at most 240 bytes, in canonical order. */
export function shortDigest(input: Uint8Array): Uint8Array {
  const { length } = input;
  if (length === 0) return canonical(avalanche64(flip(64)), avalanche64(flip(80)));
  if (length <= 3) return upTo3(input);
  if (length <= 8) return upTo8(input);
  if (length <= 16) return upTo16(input);
  return length <= 128 ? upTo128(input) : upTo240(input);
}
