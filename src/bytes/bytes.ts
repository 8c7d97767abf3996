/** Small helpers over byte arrays. */

const hexDigits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** Lower-case hexadecimal text of the bytes: of a digest, not of more. */
export function toHex(bytes: Uint8Array): string {
  const codes: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    codes.push(hexDigits[byte >> 4] ?? 0, hexDigits[byte & 15] ?? 0);
  }
  // In one piece: text that was put together bit by bit is copied again at its first use as a key.
  return String.fromCharCode(...codes);
}

/** The bytes of any buffer or view, as a view: nothing is copied. */
export function bytesOf(source: ArrayBufferLike | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/** Next multiple of `alignment` (a power of two) at or above `offset`. */
export const alignUp = (offset: number, alignment: number): number => {
  const rest = offset % alignment;
  return rest === 0 ? offset : offset + alignment - rest;
};

/** One buffer of several, in order; the buffer itself where there is one. */
export function joined(buffers: readonly ArrayBuffer[]): ArrayBuffer {
  const [first = new ArrayBuffer(0)] = buffers;
  if (buffers.length <= 1) return first;
  const whole = new Uint8Array(buffers.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const buffer of buffers) {
    whole.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return whole.buffer;
}
