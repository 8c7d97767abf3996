/** Small helpers over byte arrays. */

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal text of the bytes. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOfByte[byte];
  return text;
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
