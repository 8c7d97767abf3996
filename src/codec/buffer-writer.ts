/** Collects the memory and the Blobs that a value reaches, and of each memory the range that is reached. */
import { type TypedArrayName, typedArrayNames } from '../values/values.ts';
import { ByteWriter } from './byte-writer.ts';
import { type Dtype, dtypeOf, elementBytes } from './dtype.ts';
import { storages } from './skeleton-format.ts';

/** Content that is kept beside the skeleton, in the order of the indices that decode() asks for. */
export type OutOfBandBuffer =
  | {
      readonly kind: 'memory';
      /** Where in the value it was met first: 'result.layers[0]'. Not unique. */
      readonly name: string;
      readonly dtype: Dtype;
      readonly elementCount: number;
      /** A view of the caller's memory, not a copy. */
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'blob'; readonly name: string; readonly blob: Blob };

/** What one view, or the buffer itself, reaches. */
export interface Reach {
  readonly start: number;
  readonly byteLength: number;
  /** The class of a typed array; `undefined` for anything else, which wants the memory itself. */
  readonly type: TypedArrayName | undefined;
}

interface Memory {
  readonly kind: 'memory';
  readonly name: string;
  readonly buffer: ArrayBuffer;
  start: number;
  end: number;
  alignment: number;
  /** The one class of all views; `undefined` as soon as there are two, or none. */
  type: TypedArrayName | undefined;
  maxByteLength: number | undefined;
}

interface InBlob {
  /** 'bytes': read back as memory. */
  readonly kind: 'blob' | 'bytes';
  readonly name: string;
  readonly blob: Blob;
}

type Entry = Memory | InBlob;

/** Ranges of one buffer that lie further apart are kept apart: they share nothing but its name. About a page of memory. */
const GAP_BYTES = 4096;
/** Of one buffer. With more, what lies between is worth keeping. */
const MAX_RANGES = 1_024;

/** Buffers that are not to be taken apart. */
export type WholeBuffers = Pick<ReadonlySet<ArrayBuffer>, 'has'>;

/** Ranges of the buffer that were kept apart are to be one after all: to be written anew, with all of it in one. */
export class JoinedRanges extends Error {
  readonly buffer: ArrayBuffer;

  constructor(buffer: ArrayBuffer) {
    super('Ranges of a buffer meet');
    this.buffer = buffer;
  }
}

const isEmpty = ({ start, end }: Memory): boolean => start === end;

/** Whether a view belongs to the range; empty ones may lie anywhere. */
const isNear = (range: Memory, { start, byteLength }: Reach): boolean =>
  isEmpty(range) ||
  byteLength === 0 ||
  (start <= range.end + GAP_BYTES && start + byteLength >= range.start - GAP_BYTES);

const bytesOfType = (type: TypedArrayName | undefined): number => (type ? elementBytes(dtypeOf(type)) : 1);
/** In place of the class of the views, where they have none in common. */
const noType = 255;

/** The table of buffers under construction: of each, the ranges that views reach. */
export class BufferWriter {
  readonly #inlineBytes: number;
  readonly #whole: WholeBuffers;
  readonly #entries: Entry[] = [];
  readonly #ranges = new Map<ArrayBuffer, { readonly index: number; readonly memory: Memory }[]>();

  /** @param inlineBytes Memory up to this many bytes is kept in the skeleton. */
  constructor(inlineBytes: number, whole: WholeBuffers) {
    this.#inlineBytes = inlineBytes;
    this.#whole = whole;
  }

  /** Index of the range in the table. @param name Where it is in the value; only called for the first view of it. */
  add(buffer: ArrayBuffer, reach: Reach, name: () => string): number {
    const ranges = this.#ranges.get(buffer) ?? [];
    const near = this.#whole.has(buffer) ? ranges : ranges.filter(({ memory }) => isNear(memory, reach));
    const [first] = near;
    if (first && near.length > 1 && reach.byteLength > 0) throw new JoinedRanges(buffer);
    if (first) {
      extend(first.memory, reach);
      return first.index;
    }
    if (ranges.length === MAX_RANGES) throw new JoinedRanges(buffer);
    const memory = newMemory(buffer, reach, name());
    const index = this.#entries.push(memory) - 1;
    this.#ranges.set(buffer, [...ranges, { index, memory }]);
    return index;
  }

  /** Marks a buffer that has to stay resizable. */
  keepResizable(index: number, maxByteLength: number): void {
    const entry = this.#entries[index];
    if (entry?.kind === 'memory') entry.maxByteLength = maxByteLength;
  }

  addBlob(blob: Blob, name: string): number {
    return this.#entries.push({ kind: 'blob', name, blob }) - 1;
  }

  /** Memory that is still in a Blob, and is not empty. */
  addBytes(blob: Blob, name: string): number {
    return this.#entries.push({ kind: 'bytes', name, blob }) - 1;
  }

  /** The table's bytes, what goes out of band, and views of all the caller's memory that is reached. */
  finish(): { table: Uint8Array; buffers: OutOfBandBuffer[]; sources: Uint8Array[] } {
    const writer = new ByteWriter();
    const buffers: OutOfBandBuffer[] = [];
    const sources: Uint8Array[] = [];
    writer.count(this.#entries.length);
    for (const entry of this.#entries) {
      if (entry.kind === 'memory') sources.push(this.#writeMemory(writer, entry, buffers));
      else {
        const { name, blob } = entry;
        if (entry.kind === 'bytes') writeEntry(writer, storages.outOfBand, 'Uint8Array', 0);
        else writer.byte(storages.blob);
        writer.count(blob.size);
        if (entry.kind === 'bytes') writer.count(0);
        buffers.push({ kind: 'blob', name, blob });
      }
    }
    return { table: writer.finish(), buffers, sources };
  }

  #writeMemory(writer: ByteWriter, memory: Memory, buffers: OutOfBandBuffer[]): Uint8Array {
    const { buffer, name, end, type } = memory;
    const start = memory.start - (memory.start % memory.alignment);
    const bytes = new Uint8Array(buffer, start, end - start);
    const isInline = bytes.length <= this.#inlineBytes;
    writeEntry(writer, isInline ? storages.inline : storages.outOfBand, type, start);
    writer.count(bytes.length);
    writer.count(memory.maxByteLength === undefined ? 0 : memory.maxByteLength + 1);
    if (isInline) writer.bytes(bytes);
    else {
      const elementCount = bytes.length / bytesOfType(type);
      buffers.push({ kind: 'memory', name, dtype: type ? dtypeOf(type) : 'U8', elementCount, bytes });
    }
    return bytes;
  }
}

function writeEntry(
  writer: ByteWriter,
  storage: number,
  type: TypedArrayName | undefined,
  start: number,
): void {
  writer.byte(storage);
  writer.byte(type ? typedArrayNames.indexOf(type) : noType);
  writer.count(start);
}

function newMemory(buffer: ArrayBuffer, reach: Reach, name: string): Memory {
  const { start, byteLength, type } = reach;
  const alignment = bytesOfType(type);
  return {
    kind: 'memory',
    name,
    buffer,
    start,
    end: start + byteLength,
    alignment,
    type,
    maxByteLength: undefined,
  };
}

function extend(memory: Memory, { start, byteLength, type }: Reach): void {
  if (memory.type !== type) memory.type = undefined;
  memory.alignment = Math.max(memory.alignment, bytesOfType(type));
  // An empty view reaches nothing.
  if (byteLength === 0) return;
  const isFirst = isEmpty(memory);
  memory.start = isFirst ? start : Math.min(memory.start, start);
  memory.end = isFirst ? start + byteLength : Math.max(memory.end, start + byteLength);
}
