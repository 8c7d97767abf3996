/**
 * The header of a safetensors file: 8 bytes of length (little-endian), JSON, then the tensors' bytes without gaps.
 * Format: https://huggingface.co/docs/safetensors. Gaps are not allowed, so tensors with wide elements come first:
 * then each one starts at a multiple of its element size, and padding tensors are not needed.
 */
import { alignUp } from '../bytes/bytes.ts';
import { damaged } from './byte-reader.ts';
import { type Dtype, elementBytes, isDtype } from './dtype.ts';

/** A one-dimensional run of elements. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: Dtype;
  readonly elementCount: number;
}

/** A header, ready to be written. */
export interface TensorFileHeader {
  /** All that precedes the tensors; the first of these starts at a multiple of 64. */
  readonly header: Uint8Array;
  /** For each tensor given, where its bytes start in the file; and the name it has there. */
  readonly offsets: readonly number[];
  readonly names: readonly string[];
  /** Of the whole file. */
  readonly byteLength: number;
}

/** A tensor found in a file. */
export interface StoredTensor extends TensorInfo {
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** What a header says. */
export interface TensorFile {
  readonly tensors: readonly StoredTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly byteLength: number;
}

const lengthBytes = 8;
/** Whole cache lines, as the reference writer aligns. */
const dataAlignment = 64;
const metadataName = '__metadata__';
/** The reference reader refuses longer headers. */
const longestHeaderBytes = 100_000_000;

/** The names, with a number behind every one that is taken already. */
function uniqueNames(tensors: readonly TensorInfo[]): string[] {
  const taken = new Set<string>([metadataName]);
  const counts = new Map<string, number>();
  return tensors.map(({ name }) => {
    let unique = name;
    for (let count = counts.get(name) ?? 2; taken.has(unique); count++) {
      unique = `${name} #${count}`;
      counts.set(name, count + 1);
    }
    taken.add(unique);
    return unique;
  });
}

/** Lays tensors out in a file. @param metadata Kept in the header for the reader's information. */
export function safetensorsHeader(
  tensors: readonly TensorInfo[],
  metadata: Readonly<Record<string, string>> = {},
): TensorFileHeader {
  const names = uniqueNames(tensors);
  const rows = tensors.map(({ dtype, elementCount }, index) => ({ dtype, elementCount, index, start: 0 }));
  const fields: [string, unknown][] = Object.keys(metadata).length > 0 ? [[metadataName, metadata]] : [];
  let dataLength = 0;
  for (const row of [...rows].sort((a, b) => elementBytes(b.dtype) - elementBytes(a.dtype))) {
    row.start = dataLength;
    dataLength += row.elementCount * elementBytes(row.dtype);
    const { dtype, elementCount, start, index } = row;
    fields.push([names[index] ?? '', { dtype, shape: [elementCount], data_offsets: [start, dataLength] }]);
  }
  // fromEntries defines its members, so that a tensor may even be called __proto__.
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields)));
  const header = new Uint8Array(alignUp(lengthBytes + json.length, dataAlignment)).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - lengthBytes), true);
  header.set(json, lengthBytes);
  const offsets = rows.map(({ start }) => header.length + start);
  return { header, offsets, names, byteLength: header.length + dataLength };
}

/** How many bytes from the start of the file parseSafetensorsHeader() needs. @param start At least its first 8 bytes. */
export function safetensorsHeaderLength(start: Uint8Array): number {
  if (start.length < lengthBytes) throw damaged('the file has no header');
  const view = new DataView(start.buffer, start.byteOffset, lengthBytes);
  const jsonLength = view.getBigUint64(0, true);
  if (jsonLength > longestHeaderBytes) throw damaged('the length of the header is out of range');
  return lengthBytes + Number(jsonLength);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw damaged('the header is not JSON');
  }
  if (!isRecord(parsed)) throw damaged('the header is no object');
  return parsed;
}

function parseMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw damaged('the metadata is no object');
  const entries = Object.entries(value);
  // The guard makes every value a string.
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  if (!entries.every(isText)) throw damaged('the metadata is not text');
  return Object.fromEntries(entries);
}

function parseTensor(name: string, value: unknown, dataStart: number): StoredTensor {
  if (!isRecord(value)) throw damaged('a tensor is no object');
  const { dtype, shape, data_offsets: range } = value;
  if (!isDtype(dtype)) throw damaged('a tensor has an unknown dtype');
  if (!isCounts(shape) || !isCounts(range) || range.length !== 2)
    throw damaged('a tensor has no shape or range');
  const [start = 0, end = 0] = range;
  const elementCount = shape.reduce((product, size) => product * size, 1);
  const byteLength = elementCount * elementBytes(dtype);
  if (byteLength !== end - start) throw damaged('a tensor has another length than its shape');
  return { name, dtype, elementCount, shape, byteOffset: dataStart + start, byteLength };
}

/** Reads a header. @param bytes The file, or its start. @throws DamagedEntryError */
export function parseSafetensorsHeader(bytes: Uint8Array): TensorFile {
  const dataStart = safetensorsHeaderLength(bytes);
  if (bytes.length < dataStart) throw damaged('the header ends too early');
  const { [metadataName]: metadata, ...rest } = parseJson(bytes.subarray(lengthBytes, dataStart));
  const tensors = Object.entries(rest)
    .map(([name, value]) => parseTensor(name, value, dataStart))
    .sort((a, b) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength);
  let end = dataStart;
  for (const { byteOffset, byteLength } of tensors) {
    if (byteOffset !== end) throw damaged('tensors overlap or leave a gap');
    end += byteLength;
  }
  return { tensors, metadata: parseMetadata(metadata), byteLength: end };
}
