/** A pack on a server as a place where results are found: its index is fetched once, and of an entry what is asked for. */
import { isMemoryError, PackFormatError } from '../errors/errors.ts';
import {
  areBlocks,
  DIGEST_BLOCK_BYTES,
  digestsOfPart,
  headBytesOf,
  openBody,
  type PackedEntry,
} from '../pack-format/pack-format.ts';
import { type Offered, type SoughtCall, sha256, within } from '../portable/portable.ts';
import { HttpSource, HttpStatusError } from './http-source.ts';
import { detailsOf, openPack } from './open-pack.ts';

/** A body of so many bytes comes with its start: one request instead of two. */
const WHOLE_BYTES = 64 * 2 ** 10;
/** A server that did not answer is asked again after so long; what it said for good is not asked again. */
const AGAIN_MS = 30_000;
/** An index that is not here after so long has failed: it holds one of the few connections to the server. */
const INDEX_MS = 60_000;

interface PackHooks {
  /** Why the pack does not serve; once for each reason. */
  tell(reason: string, error: unknown): void;
  onFetched(byteLength: number): void;
}

interface OpenedPack {
  readonly source: HttpSource;
  readonly entries: ReadonlyMap<string, PackedEntry>;
}

const isFinal = (error: unknown): boolean =>
  error instanceof HttpStatusError ? error.status < 500 && error.status !== 429 : isMemoryError(error);

export class PackTier {
  readonly url: string;
  readonly #hooks: PackHooks;
  #opening: Promise<OpenedPack | undefined> | undefined;
  #againAt = 0;
  #isOpening = false;
  /** A call waited for the index in vain: until that is here, no other one waits. */
  #isLate = false;

  constructor(url: string, hooks: PackHooks) {
    this.url = url;
    this.#hooks = hooks;
  }

  /** Rejects where it did not come in time. */
  async find({ key, functionKey }: SoughtCall, deadline: AbortSignal): Promise<Offered | undefined> {
    const opening = this.#open();
    if (this.#isOpening && this.#isLate) return undefined;
    const pack = await within(deadline, opening).catch((error: unknown) => {
      this.#isLate = true;
      throw error;
    });
    const packed = pack?.entries.get(key);
    // The key holds the function's: a pack that says otherwise is mistaken.
    if (!pack || packed?.entry.functionKey !== functionKey) return undefined;
    try {
      return await within(deadline, this.#offered(pack, packed, deadline));
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #open(): Promise<OpenedPack | undefined> {
    if (this.#opening === undefined || (this.#againAt > 0 && performance.now() > this.#againAt)) {
      this.#againAt = 0;
      this.#opening = this.#fetchIndex();
    }
    return this.#opening;
  }

  async #fetchIndex(): Promise<OpenedPack | undefined> {
    this.#isOpening = true;
    this.#isLate = false;
    const controller = new AbortController();
    const late = new DOMException('its index does not come', 'TimeoutError');
    const timer = setTimeout(() => controller.abort(late), INDEX_MS);
    try {
      const { onFetched } = this.#hooks;
      const source = new HttpSource(this.url, { onFetched, signal: controller.signal });
      const entries = await openPack(source);
      return { source, entries: new Map(entries.map((packed) => [packed.entry.key, packed])) };
    } catch (error) {
      if (!isFinal(error)) this.#againAt = performance.now() + AGAIN_MS;
      this.#hooks.tell(
        `${this.url} is not used: ${error instanceof Error ? error.message : String(error)}`,
        error,
      );
      return undefined;
    } finally {
      clearTimeout(timer);
      this.#isOpening = false;
    }
  }

  /** The file may be another one by now: its index is fetched again, later. */
  #failed(error: unknown): void {
    if (this.#againAt === 0) this.#againAt = performance.now() + AGAIN_MS;
    if (!(error instanceof PackFormatError)) return;
    this.#hooks.tell(`${this.url} has an entry that is not used: ${error.reason}`, error);
  }

  async #offered(
    { source }: OpenedPack,
    packed: PackedEntry,
    deadline: AbortSignal,
  ): Promise<Offered | undefined> {
    const { entry, offset, byteLength, partOffsets } = packed;
    const headBytes = headBytesOf(packed);
    const start = await source.read(offset, byteLength <= WHOLE_BYTES ? byteLength : headBytes, deadline);
    const head = await openBody(packed, start, sha256);
    if (!head) return undefined;
    const digestsOf = (part: number): Uint8Array => digestsOfPart(entry, head.digests, part);
    if (!(await areBlocks(head.skeleton, digestsOf(0), DIGEST_BLOCK_BYTES, sha256)))
      throw new PackFormatError('an entry is not what was packed');
    return {
      ...{ source: 'pack', entry, digestsOf },
      details: detailsOf(head),
      skeleton: head.skeleton,
      fetch: (part, from, to, signal) =>
        source.read(offset + (partOffsets[part] ?? 0) + from, to - from, signal),
      fetchBuffers: async (signal) => {
        const rest = byteLength - headBytes;
        const bytes =
          start.length === byteLength
            ? start.subarray(headBytes)
            : await source.read(offset + headBytes, rest, signal);
        return entry.parts.slice(1).map((part, index) => {
          const at = (partOffsets[index + 1] ?? 0) - headBytes;
          return bytes.subarray(at, at + part.byteLength);
        });
      },
      onFailed: (error) => this.#failed(error),
    };
  }
}
