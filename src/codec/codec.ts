/** Values to stored form and back: a skeleton, and buffers out of band. Opens no storage. */
export type { BufferSource, OutOfBandEntry, TypedArrayLeaf } from './buffer-reader.ts';
export type { OutOfBandBuffer } from './buffer-writer.ts';
export { type DecodeOptions, decode, isStreamSkeleton, outOfBandTable } from './decode.ts';
export { type Dtype, dtypeOf, elementBytes } from './dtype.ts';
export { type Encoded, type EncodeOptions, encode } from './encode.ts';
export { loadRareReaders } from './late-readers.ts';
export {
  parseSafetensorsHeader,
  type StoredTensor,
  safetensorsHeader,
  safetensorsHeaderLength,
  type TensorFile,
  type TensorFileHeader,
  type TensorInfo,
} from './safetensors.ts';
export { SKELETON_FORMAT } from './skeleton-format.ts';
export { BlobBytes, CollectedStream, type StreamKind, streamOf } from './stream-form.ts';
