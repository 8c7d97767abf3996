/** Constants and 64-bit arithmetic of the xxHash specification; index 0 of the primes is not used. */
export const prime32 = [0n, 0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn] as const;
export const prime64 = [
  0n,
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
export const mask64 = 0xffff_ffff_ffff_ffffn;

export function read32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

export function read64(bytes: Uint8Array, at: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true);
}

/** The halves of a 128-bit product, one xor the other. */
export function fold(a: bigint, b: bigint): bigint {
  const product = a * b;
  return (product & mask64) ^ (product >> 64n);
}

/** XXH3's final mixing. */
export function avalanche(value: bigint): bigint {
  const mixed = ((value ^ (value >> 37n)) * 0x165667919e3779f9n) & mask64;
  return mixed ^ (mixed >> 32n);
}

/** XXH64's final mixing. */
export function avalanche64(value: bigint): bigint {
  const first = ((value ^ (value >> 33n)) * prime64[2]) & mask64;
  const second = ((first ^ (first >> 29n)) * prime64[3]) & mask64;
  return second ^ (second >> 32n);
}
