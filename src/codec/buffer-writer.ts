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

type Entry = Memory | { readonly kind: 'blob'; readonly name: string; readonly blob: Blob };

const bytesOfType = (type: TypedArrayName | undefined): number => (type ? elementBytes(dtypeOf(type)) : 1);
/** In place of the class of the views, where they have none in common. */
const noType = 255;

/** The table of buffers under construction. */
export class BufferWriter {
  readonly #inlineBytes: number;
  readonly #entries: Entry[] = [];
  readonly #indices = new Map<ArrayBuffer, number>();

  /** @param inlineBytes Memory up to this many bytes is kept in the skeleton. */
  constructor(inlineBytes: number) {
    this.#inlineBytes = inlineBytes;
  }

  /** Index of the buffer in the table. @param name Where it is in the value; only called for the first view of it. */
  add(buffer: ArrayBuffer, reach: Reach, name: () => string): number {
    const known = this.#indices.get(buffer);
    const index = known ?? this.#entries.length;
    const entry = known === undefined ? undefined : this.#entries[known];
    if (entry?.kind === 'memory') extend(entry, reach);
    else {
      this.#indices.set(buffer, index);
      this.#entries.push(newMemory(buffer, reach, name()));
    }
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

  /** The table's bytes, what goes out of band, and views of all the caller's memory that is reached. */
  finish(): { table: Uint8Array; buffers: OutOfBandBuffer[]; sources: Uint8Array[] } {
    const writer = new ByteWriter();
    const buffers: OutOfBandBuffer[] = [];
    const sources: Uint8Array[] = [];
    writer.count(this.#entries.length);
    for (const entry of this.#entries) {
      if (entry.kind === 'memory') sources.push(this.#writeMemory(writer, entry, buffers));
      else {
        writer.byte(storages.blob);
        writer.count(entry.blob.size);
        buffers.push(entry);
      }
    }
    return { table: writer.finish(), buffers, sources };
  }

  #writeMemory(writer: ByteWriter, memory: Memory, buffers: OutOfBandBuffer[]): Uint8Array {
    const { buffer, name, end, type } = memory;
    const start = memory.start - (memory.start % memory.alignment);
    const bytes = new Uint8Array(buffer, start, end - start);
    const isInline = bytes.length <= this.#inlineBytes;
    writer.byte(isInline ? storages.inline : storages.outOfBand);
    writer.byte(type ? typedArrayNames.indexOf(type) : noType);
    writer.count(start);
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
  const isEmpty = memory.start === memory.end;
  memory.start = isEmpty ? start : Math.min(memory.start, start);
  memory.end = isEmpty ? start + byteLength : Math.max(memory.end, start + byteLength);
}
