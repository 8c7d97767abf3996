/** A reference to a stored result that does not load its value until it is asked to. */
import type { Mapped } from '../arrays/arrays.ts';
import { type MemoryContext, setToken } from '../calls/calls.ts';
import type { EntryRecord } from '../catalog/catalog.ts';
import { decode, encode, safetensorsHeader, type TensorInfo } from '../codec/codec.ts';
import { DamagedEntryError, isMemoryError, MemoryClosedError, ResultEvictedError } from '../errors/errors.ts';
import { mapValue, openMapped } from '../mapped/mapped.ts';
import { checkMode, type EntryInfo, type MmapMode } from '../options/options.ts';
import type { Removed, Store } from '../store/store.ts';
import type { Codec } from '../values/values.ts';

/** A plain, cloneable reference: memory.shelved() revives it in any realm of the origin. */
export interface ShelvedReference {
  readonly keepsake: 'shelved';
  readonly memory: string;
  readonly digest: string;
  readonly info: EntryInfo;
}

/** What a shelved result reads from. */
export interface Shelf {
  readonly context: MemoryContext;
  readonly codecs: readonly Codec[] | undefined;
}

/** A result by reference. As an argument of a cached function it hashes as the digest of its content, unread. */
export abstract class ShelvedResult<T = unknown> {
  /** What was known of the entry when it was shelved. */
  readonly info: EntryInfo;
  /** Digest of the content. */
  readonly digest: string;

  protected constructor(info: EntryInfo, digest: string) {
    this.info = info;
    this.digest = digest;
    setToken(this, () => `content ${digest}`);
  }

  /**
   * The value, a new one each time.
   * @throws ResultEvictedError when the entry was deleted since; DamagedEntryError when its bytes are not what was written.
   */
  abstract get(): Promise<T>;
  /**
   * The value with a MappedArray for every typed array; only its structure is read.
   * @throws as get(); EntryBusyError where a mode that writes finds another writer.
   */
  abstract map(mode?: MmapMode): Promise<Mapped<T>>;
  /** The stored bytes as a safetensors file. */
  abstract blob(): Promise<Blob>;
  /** Deletes the entry; a second time does nothing. */
  abstract clear(): Promise<Removed>;
  /** A plain reference. @throws TypeError for a result that is not stored. */
  abstract toJSON(): ShelvedReference;
}

/** A result that is in the store. */
export class StoredResult<T> extends ShelvedResult<T> {
  readonly #shelf: Shelf;

  constructor(shelf: Shelf, info: EntryInfo, digest: string) {
    super(info, digest);
    this.#shelf = shelf;
  }

  async get(): Promise<T> {
    const { skeleton, buffers } = await this.#load();
    const source = {
      buffer: (index: number): ArrayBuffer => bufferAt(buffers, index),
      blob: (index: number, type: string): Blob => new Blob([bufferAt(buffers, index)], { type }),
    };
    // The type is what the function returned when the entry was stored.
    return (await decode(skeleton, source, { codecs: this.#shelf.codecs, key: this.info.key })) as T;
  }

  async map(mode: MmapMode = 'r'): Promise<Mapped<T>> {
    checkMode(mode);
    const { context, codecs } = this.#shelf;
    const { key, functionId } = this.info;
    const { store } = context;
    if (!store) throw new ResultEvictedError(key);
    await store.open();
    const shelf = { context, store, functionId, codecs, key };
    const open = () => openMapped(shelf, mode, () => this.#find(store));
    return (await this.#typed(store, open)) as Mapped<T>; // what the function returned when it was stored
  }

  async blob(): Promise<Blob> {
    const { skeleton, buffers } = await this.#load();
    return tensorFile(skeleton, buffers, this.info.key);
  }

  clear(): Promise<Removed> {
    return this.#shelf.context.deleteKeys([this.info.key]);
  }

  toJSON(): ShelvedReference {
    return {
      keepsake: 'shelved',
      memory: this.#shelf.context.options.name,
      digest: this.digest,
      info: this.info,
    };
  }

  async #find(store: Store): Promise<EntryRecord> {
    const { key } = this.info;
    const found = await store.find(key);
    if (found.kind === 'absent') throw new ResultEvictedError(key);
    if (found.kind === 'unreadable') throw new DamagedEntryError(key, found.reason);
    return found.entry;
  }

  async #load() {
    const { store, isClosed } = this.#shelf.context;
    const { key } = this.info;
    if (isClosed) throw new MemoryClosedError('The memory of this result');
    if (!store) throw new ResultEvictedError(key);
    await store.open();
    return this.#typed(store, async () => store.load(await this.#find(store)));
  }

  /** Errors of the store as those of a result. */
  async #typed<R>(store: Store, read: () => Promise<R>): Promise<R> {
    const { key } = this.info;
    try {
      return await read();
    } catch (error) {
      if (isMemoryError(error)) throw error;
      const isGone = error instanceof Error && error.name === 'NotFoundError';
      if (isGone && (await store.find(key)).kind === 'absent') throw new ResultEvictedError(key);
      throw new DamagedEntryError(key, error instanceof Error ? error.message : String(error), {
        cause: error,
      });
    }
  }
}

/** A result that could not be stored, or whose memory stores nothing: it holds its value. */
export class HeldResult<T> extends ShelvedResult<T> {
  readonly #codecs: readonly Codec[] | undefined;
  #held: { readonly value: T } | undefined;

  constructor(value: T, info: EntryInfo, codecs: readonly Codec[] | undefined) {
    super(info, '');
    this.#codecs = codecs;
    this.#held = { value };
    setToken(this, () => {
      throw new TypeError(
        `The result of ${info.functionId} is not stored, so it cannot be an argument by reference; pass its value`,
      );
    });
  }

  async get(): Promise<T> {
    if (!this.#held) throw new ResultEvictedError(this.info.key);
    return this.#held.value;
  }

  async map(mode: MmapMode = 'r'): Promise<Mapped<T>> {
    checkMode(mode);
    return (await mapValue(await this.get(), mode, this.#codecs)) as Mapped<T>; // T is what get() gives
  }

  async blob(): Promise<Blob> {
    const { skeleton, buffers } = await encode(await this.get(), { codecs: this.#codecs });
    const bytes = await Promise.all(
      buffers.map((buffer) =>
        buffer.kind === 'blob' ? buffer.blob.arrayBuffer() : new Uint8Array(buffer.bytes).buffer,
      ),
    );
    return tensorFile(skeleton, bytes, this.info.key);
  }

  async clear(): Promise<Removed> {
    const removed = this.#held ? 1 : 0;
    this.#held = undefined;
    return { removed, freedBytes: 0 };
  }

  toJSON(): ShelvedReference {
    throw new TypeError(
      `The result of ${this.info.functionId} is not stored, so there is nothing to refer to`,
    );
  }
}

function bufferAt(buffers: readonly ArrayBuffer[], index: number): ArrayBuffer {
  const buffer = buffers[index];
  if (!buffer) throw new DamagedEntryError('', `there is no buffer ${index}`);
  return buffer;
}

function tensorFile(skeleton: Uint8Array, buffers: readonly ArrayBuffer[], key: string): Blob {
  const parts = [new Uint8Array(skeleton), ...buffers.map((buffer) => new Uint8Array(buffer))];
  const tensors = parts.map(
    (bytes, at): TensorInfo => ({
      name: at === 0 ? 'keepsake.skeleton' : `buffer ${at}`,
      dtype: 'U8',
      elementCount: bytes.byteLength,
    }),
  );
  // All are bytes, so they stay in order.
  const { header } = safetensorsHeader(tensors, { key });
  return new Blob([new Uint8Array(header), ...parts]);
}

/** Digest text of an entry's content, from its checksums: no byte is read. */
export const contentOf = ({ skeleton, buffers }: EntryRecord): unknown[] =>
  [skeleton, ...buffers].map(({ checks, rawByteLength, compression }) => [
    rawByteLength,
    compression,
    checks,
  ]);

/** The reference, checked. @throws TypeError for anything else. */
export function parseReference(json: unknown, memory: string): ShelvedReference {
  const reference = json as Partial<ShelvedReference> | null; // narrowed here
  if (
    reference?.keepsake !== 'shelved' ||
    typeof reference.digest !== 'string' ||
    typeof reference.info?.key !== 'string'
  ) {
    throw new TypeError('shelved() takes what toJSON() of a ShelvedResult returned');
  }
  if (reference.memory !== memory) {
    throw new TypeError(`The result is in memory "${reference.memory}", not in "${memory}"`);
  }
  return reference as ShelvedReference; // checked above
}
