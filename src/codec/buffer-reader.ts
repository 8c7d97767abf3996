/** The table of buffers, read back, and the memory behind it. */
import { type TypedArrayName, typedArrayNames } from '../values/values.ts';
import { type ByteReader, damaged } from './byte-reader.ts';
import { type Dtype, dtypeOf, elementBytes } from './dtype.ts';
import { reservedBytesLimit, storages } from './skeleton-format.ts';

/** One typed array of a value, still without memory. */
export interface TypedArrayLeaf {
  /** Which out-of-band buffer it is in; `undefined` if its buffer is in the skeleton: then `bytes` is that buffer. */
  readonly index: number | undefined;
  /** A view of the skeleton: copy what is to be kept. */
  readonly bytes: Uint8Array | undefined;
  readonly type: TypedArrayName;
  readonly dtype: Dtype;
  /** From the start of the stored buffer. */
  readonly byteOffset: number;
  /** In elements. */
  readonly length: number;
}

/** Where decode() gets what is not in the skeleton. Indices are those of `Encoded.buffers`. */
export interface BufferSource {
  /** Exactly the stored bytes; asked at most once an index, and the decoded value then owns them. */
  buffer(index: number): ArrayBuffer;
  /** The content of a Blob of that type. */
  blob?(index: number, type: string): Blob;
  /**
   * Called instead of buffer() for every typed array whose buffer has no other kind of view, and that is not inside of
   * what a codec decodes; its result takes the array's place.
   */
  typedArray?(leaf: TypedArrayLeaf): unknown;
}

/** What the table says of one out-of-band buffer. */
export interface OutOfBandEntry {
  readonly kind: 'memory' | 'blob';
  readonly byteLength: number;
  /** The one class of its views; `undefined` where decode() needs the memory itself. */
  readonly type: TypedArrayName | undefined;
}

interface TableEntry extends OutOfBandEntry {
  /** Position among the out-of-band buffers. */
  readonly index: number | undefined;
  /** Offset of the stored range in the buffer that was encoded. */
  readonly start: number;
  readonly maxByteLength: number | undefined;
  readonly bytes: Uint8Array | undefined;
}

function readType(reader: ByteReader): TypedArrayName | undefined {
  const position = reader.byte();
  if (position === 255) return undefined;
  const type = typedArrayNames[position];
  if (type === undefined) throw damaged('unknown typed array');
  return type;
}

function readEntry(reader: ByteReader, nextIndex: number): TableEntry {
  const storage = reader.byte();
  if (storage === storages.blob) {
    const byteLength = reader.count();
    return {
      kind: 'blob',
      byteLength,
      type: undefined,
      index: nextIndex,
      start: 0,
      maxByteLength: undefined,
      bytes: undefined,
    };
  }
  if (storage !== storages.inline && storage !== storages.outOfBand)
    throw damaged('unknown storage of a buffer');
  const type = readType(reader);
  const start = reader.count();
  const byteLength = reader.count();
  const limit = reader.count();
  const isInline = storage === storages.inline;
  const bytes = isInline ? reader.bytes(byteLength) : undefined;
  const maxByteLength = limit === 0 ? undefined : limit - 1;
  if (maxByteLength !== undefined && maxByteLength < byteLength) throw damaged('a buffer exceeds its limit');
  return {
    kind: 'memory',
    byteLength,
    type,
    index: isInline ? undefined : nextIndex,
    start,
    maxByteLength,
    bytes,
  };
}

/** All entries; the resizable ones may not reserve too much in all. */
function readTable(reader: ByteReader): TableEntry[] {
  const entries: TableEntry[] = [];
  let nextIndex = 0;
  let reservedBytes = 0;
  for (let left = reader.countOf(2); left > 0; left--) {
    const entry = readEntry(reader, nextIndex);
    if (entry.index !== undefined) nextIndex++;
    reservedBytes += entry.maxByteLength ?? 0;
    entries.push(entry);
  }
  if (reservedBytes > reservedBytesLimit) throw damaged('resizable buffers reserve too much');
  if (reader.remaining > 0) throw damaged('there are more buffers than it should have');
  return entries;
}

/** The out-of-band entries of a table, in the order of their indices. */
export const outOfBandEntries = (reader: ByteReader): OutOfBandEntry[] =>
  readTable(reader)
    .filter((entry) => entry.index !== undefined)
    .map(({ kind, byteLength, type }) => ({ kind, byteLength, type }));

function toResizable(memory: ArrayBuffer | Uint8Array, maxByteLength: number): ArrayBuffer {
  // Engines before 2024 take no second argument: there it is a buffer of that length.
  const buffer: ArrayBuffer = Reflect.construct(ArrayBuffer, [memory.byteLength, { maxByteLength }]);
  new Uint8Array(buffer).set(memory instanceof ArrayBuffer ? new Uint8Array(memory) : memory);
  return buffer;
}

/** A place in one of the buffers. */
export interface StoredRange {
  readonly memory: ArrayBuffer;
  readonly byteOffset: number;
}

/** Hands out memory by table index; several views get the same. */
export class BufferReader {
  readonly #entries: readonly TableEntry[];
  readonly #source: BufferSource;
  readonly #memories = new Map<number, ArrayBuffer>();

  constructor(reader: ByteReader, source: BufferSource) {
    this.#entries = readTable(reader);
    this.#source = source;
  }

  memory(position: number): ArrayBuffer {
    const known = this.#memories.get(position);
    if (known) return known;
    const entry = this.#entry(position, 'memory');
    const memory = this.#load(entry);
    if (memory.byteLength !== entry.byteLength) throw damaged('a buffer has another length than it should');
    this.#memories.set(position, memory);
    return memory;
  }

  /** The part of a buffer that a view covers. @param start Offset in the buffer that was encoded. */
  range(position: number, start: number, byteLength: number): StoredRange {
    return {
      memory: this.memory(position),
      byteOffset: this.#offset(this.#entry(position, 'memory'), start, byteLength),
    };
  }

  /** What to ask the source's typedArray() for; `undefined` if the memory itself is needed. */
  leaf(position: number, type: TypedArrayName, start: number, length: number): TypedArrayLeaf | undefined {
    const entry = this.#entry(position, 'memory');
    if (entry.type !== type) return undefined;
    const dtype = dtypeOf(type);
    const byteOffset = this.#offset(entry, start, length * elementBytes(dtype));
    return { index: entry.index, bytes: entry.bytes, type, dtype, byteOffset, length };
  }

  blob(position: number, type: string): Blob {
    const { index, byteLength } = this.#entry(position, 'blob');
    const blob = index === undefined ? undefined : this.#source.blob?.(index, type);
    if (blob === undefined) throw damaged('a Blob is missing');
    if (blob.size !== byteLength) throw damaged('a Blob has another size than it should');
    return blob;
  }

  #entry(position: number, kind: 'memory' | 'blob'): TableEntry {
    const entry = this.#entries[position];
    if (entry?.kind !== kind) throw damaged('a buffer is missing');
    return entry;
  }

  #load({ index, bytes, maxByteLength }: TableEntry): ArrayBuffer {
    if (bytes) return maxByteLength === undefined ? bytes.slice().buffer : toResizable(bytes, maxByteLength);
    const memory = this.#source.buffer(index ?? 0);
    return maxByteLength === undefined ? memory : toResizable(memory, maxByteLength);
  }

  /** Offset in the stored range, of which the view must be a part. */
  #offset(entry: TableEntry, start: number, byteLength: number): number {
    // An empty view may lie anywhere: it reached nothing.
    if (byteLength === 0) return 0;
    const byteOffset = start - entry.start;
    if (byteOffset < 0 || byteOffset + byteLength > entry.byteLength)
      throw damaged('a view exceeds its buffer');
    return byteOffset;
  }
}
