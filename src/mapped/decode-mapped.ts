/** A result with a MappedArray in place of every typed array. */
import { type ArrayClass, type Lease, MappedArray } from '../arrays/arrays.ts';
import { decode, outOfBandTable, type TypedArrayLeaf } from '../codec/codec.ts';
import { DamagedEntryError } from '../errors/errors.ts';
import type { MmapMode } from '../options/options.ts';
import { type Codec, typedArrayClass } from '../values/values.ts';
import type { Pieces } from './mapped-pieces.ts';

export interface DecodeMappedOptions {
  readonly mode: MmapMode;
  readonly codecs: readonly Codec[] | undefined;
  readonly key: string;
}

/** What decoding needs all bytes of; it is loaded, and decoding starts again. */
class BytesNeeded extends Error {
  readonly index: number;

  constructor(index: number) {
    super();
    this.index = index;
  }
}

class MappedDecoding {
  readonly #pieces: Pieces;
  readonly #options: DecodeMappedOptions;
  readonly #loaded = new Map<number, ArrayBuffer>();
  #leases: Lease[] = [];
  #needed: BytesNeeded | undefined;

  constructor(pieces: Pieces, options: DecodeMappedOptions) {
    this.#pieces = pieces;
    this.#options = options;
  }

  async run(): Promise<unknown> {
    const { skeleton } = this.#pieces;
    const table = outOfBandTable(skeleton, this.#options);
    // Blobs, and memory that has other views than one kind of typed array.
    await this.#load(table.flatMap(({ type }, index) => (type === undefined ? [index] : [])));
    for (;;) {
      try {
        return await this.#decode();
      } catch (error) {
        await Promise.all(this.#leases.splice(0).map((lease) => lease.release()));
        if (!this.#needed) throw error;
        await this.#load([this.#needed.index]);
        this.#needed = undefined;
      }
    }
  }

  #decode(): unknown {
    const { codecs, key } = this.#options;
    const source = {
      buffer: (index: number): ArrayBuffer => this.#bytes(index),
      blob: (index: number, type: string): Blob => new Blob([this.#bytes(index)], { type }),
      typedArray: (leaf: TypedArrayLeaf): unknown => this.#map(leaf),
    };
    return decode(this.#pieces.skeleton, source, { codecs, key });
  }

  async #load(indices: readonly number[]): Promise<void> {
    if (indices.length === 0) return;
    const loaded = await this.#pieces.load(indices);
    for (const [at, index] of indices.entries()) this.#loaded.set(index, loaded[at] ?? new ArrayBuffer(0));
  }

  #bytes(index: number): ArrayBuffer {
    const bytes = this.#loaded.get(index);
    if (bytes) return bytes;
    this.#needed = new BytesNeeded(index); // decode() wraps what is thrown
    throw this.#needed;
  }

  #map(leaf: TypedArrayLeaf): MappedArray {
    const { mode, key } = this.#options;
    const type = typedArrayClass(leaf.type);
    if (!type) throw new DamagedEntryError(key, `${leaf.type} does not exist here`);
    const { skeleton } = this.#pieces;
    // Small memory lies in the skeleton, which is a piece as others are.
    const start = leaf.bytes ? leaf.bytes.byteOffset - skeleton.byteOffset : 0;
    const piece = leaf.index === undefined ? 0 : leaf.index + 1;
    const lease = this.#pieces.lease();
    this.#leases.push(lease);
    return new MappedArray({
      buffer: this.#pieces.mapped(piece),
      byteOffset: start + leaf.byteOffset,
      length: leaf.length,
      type: type as unknown as ArrayClass, // a typed-array class has all that is asked of one
      mode,
      lease,
    });
  }
}

/** Reads the skeleton, and of the buffers only what is not mapped. */
export const decodeMapped = (pieces: Pieces, options: DecodeMappedOptions): Promise<unknown> =>
  new MappedDecoding(pieces, options).run();
