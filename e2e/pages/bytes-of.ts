/** Bytes that follow from their seed alone: what a spec expects of any entry, whoever computed it and when. */
export function bytesOf(seed: number, byteLength: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(byteLength / 4));
  // xorshift32 (Marsaglia 2003): incompressible enough for quotas, quick enough for megabytes.
  let state = (Math.imul(seed, 0x9e3779b1) ^ byteLength) | 1;
  for (let at = 0; at < words.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, byteLength);
}

/** A plain loop takes milliseconds for megabytes; every() takes a call per byte. */
export function isSame(bytes: Uint8Array, expected: Uint8Array): boolean {
  if (bytes.byteLength !== expected.byteLength) return false;
  for (let at = 0; at < expected.byteLength; at += 1) if (bytes[at] !== expected[at]) return false;
  return true;
}

/** Whether the bytes are what the seed says, all of them. */
export const isBytesOf = (bytes: Uint8Array, seed: number, byteLength: number): boolean =>
  isSame(bytes, bytesOf(seed, byteLength));
