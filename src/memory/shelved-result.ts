/** A reference to a stored result that does not load its value until it is asked to. */
import type { Mapped } from '../arrays/arrays.ts';
import { type MemoryContext, setToken } from '../calls/calls.ts';
import { Chunk } from '../chunks/chunks.ts';
import { ResultEvictedError } from '../errors/errors.ts';
import { checkMode, type EntryInfo, type MmapMode } from '../options/options.ts';
import type { Removed } from '../store/store.ts';
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

/** How the bytes of stored results are come by: fetched with the first that is asked for them. */
const access = new Chunk(() => import('./shelf-access.ts'));

/** A result that is in the store. */
export class StoredResult<T> extends ShelvedResult<T> {
  readonly #shelf: Shelf;

  constructor(shelf: Shelf, info: EntryInfo, digest: string) {
    super(info, digest);
    this.#shelf = shelf;
  }

  async get(): Promise<T> {
    const { readValue } = await access.load();
    // The type is what the function returned when the entry was stored.
    return (await readValue(this.#shelf, this.info)) as T;
  }

  async map(mode: MmapMode = 'r'): Promise<Mapped<T>> {
    checkMode(mode);
    const { openArrays } = await access.load();
    return (await openArrays(this.#shelf, this.info, mode)) as Mapped<T>; // as get()
  }

  async blob(): Promise<Blob> {
    return (await access.load()).readFile(this.#shelf, this.info.key);
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
    const value = await this.get();
    const { mapHeld } = await access.load();
    return (await mapHeld(value, mode, this.#codecs)) as Mapped<T>; // T is what get() gives
  }

  async blob(): Promise<Blob> {
    const value = await this.get();
    return (await access.load()).heldFile(value, this.info.key, this.#codecs);
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
