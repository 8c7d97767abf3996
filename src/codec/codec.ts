/** Values to stored form and back: a skeleton, and buffers out of band. Opens no storage. */
export type { BufferSource, OutOfBandEntry, TypedArrayLeaf } from './buffer-reader.ts';
export type { OutOfBandBuffer } from './buffer-writer.ts';
export { type DecodeOptions, decode, outOfBandTable } from './decode.ts';
export { type Dtype, dtypeOf, elementBytes } from './dtype.ts';
export { type Encoded, type EncodeOptions, encode } from './encode.ts';
export { SKELETON_FORMAT } from './skeleton-format.ts';
export function safetensorsHeader(
  buffers: readonly { name: string; dtype: string; elementCount: number; byteLength: number }[],
  _m: Record<string, string>,
): { header: Uint8Array; offsets: number[]; byteLength: number } {
  let at = 64;
  const offsets = buffers.map((b) => {
    const o = at;
    at += Math.ceil(b.byteLength / 8) * 8;
    return o;
  });
  return { header: new Uint8Array(64), offsets, byteLength: at };
}
