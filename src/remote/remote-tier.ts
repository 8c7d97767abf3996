/** A shared tier on plain HTTP: metadata under the call's key, bytes under their SHA-256. */
import { toHex } from '../bytes/bytes.ts';
import { RECORD_FORMAT } from '../catalog/catalog.ts';
import { isMemoryError, PackFormatError } from '../errors/errors.ts';
import type { ResolvedRemote } from '../options/options.ts';
import { areBlocks, bytesOfParts, DIGEST_BLOCK_BYTES } from '../pack-format/pack-format.ts';
import { type Offered, type SoughtCall, sha256, within } from '../portable/portable.ts';
import type { Store } from '../store/store.ts';
import { Breaker } from './breaker.ts';
import { RemoteHttp } from './http.ts';
import { parseEntry, parseSigned } from './metadata.ts';
import { send } from './send.ts';
import { signer, type Verify, verifier } from './signatures.ts';

interface RemoteHooks {
  /** Why the tier does not serve; once for each reason. */
  tell(reason: string, error: unknown): void;
  onMoved(direction: 'fetched' | 'sent', byteLength: number): void;
}

/** What was not there is not asked for again so soon: a miss looks twice. */
const ABSENT_MS = 30_000;
const REMEMBERED = 1_000;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const pathOf = async (key: string): Promise<string> =>
  `ac/${toHex(await sha256(new TextEncoder().encode(key)))}`;

export class RemoteTier {
  readonly #remote: ResolvedRemote;
  readonly #hooks: RemoteHooks;
  readonly #http: RemoteHttp;
  readonly #reads = new Breaker();
  readonly #writes = new Breaker();
  readonly #absentUntil = new Map<string, number>();
  #verify: Promise<Verify> | undefined;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(remote: ResolvedRemote, hooks: RemoteHooks) {
    this.#remote = remote;
    this.#hooks = hooks;
    this.#http = new RemoteHttp(remote, hooks.onMoved);
  }

  /** Never rejects; how long it takes, `deadline` says. */
  async find(call: SoughtCall, deadline: AbortSignal): Promise<Offered | undefined> {
    const { read } = this.#remote;
    if (!read || !this.#isShared(call) || this.#reads.isOpen) return undefined;
    if ((this.#absentUntil.get(call.key) ?? 0) > performance.now()) return undefined;
    try {
      const offered = await within(deadline, this.#offered(call, deadline));
      this.#reads.succeeded();
      if (!offered) this.#noteAbsent(call.key);
      return offered;
    } catch (error) {
      this.#failed(call.key, error);
      return undefined;
    }
  }

  /** Sends it when nothing else is to be done, one after the other. */
  stored(store: Store, call: SoughtCall): void {
    if (!this.#remote.write || !this.#isShared(call)) return;
    this.#sending = this.#sending.then(() => idle()).then(() => this.#send(store, call));
  }

  #isShared({ isWhole, id }: SoughtCall): boolean {
    const { functions } = this.#remote;
    return isWhole && (functions === undefined || functions.includes(id));
  }

  async #send(store: Store, call: SoughtCall): Promise<void> {
    if (this.#writes.isOpen || store.isClosed) return;
    const { sign, maxBytes } = this.#remote;
    try {
      const signing = sign && (await signer(sign));
      await send(store, call, { http: this.#http, maxBytes, sign: signing, pathOf });
      this.#writes.succeeded();
    } catch (error) {
      if (isMemoryError(error)) return; // it went before it was sent, or its file is damaged: no fault of the server's
      this.#writes.failed();
      this.#hooks.tell(`results are not sent to ${this.#remote.url}: ${textOf(error)}`, error);
    }
  }

  /** What is wrong with one entry is no reason to leave the server alone. */
  #failed(key: string, error: unknown): void {
    this.#noteAbsent(key);
    if (error instanceof PackFormatError)
      this.#hooks.tell(`an entry of ${this.#remote.url} is not used: ${error.reason}`, error);
    else if (this.#reads.failed())
      this.#hooks.tell(`${this.#remote.url} is left alone for a while: ${textOf(error)}`, error);
  }

  #noteAbsent(key: string): void {
    this.#absentUntil.set(key, performance.now() + ABSENT_MS);
    const [oldest] = this.#absentUntil.keys();
    if (this.#absentUntil.size > REMEMBERED && oldest !== undefined) this.#absentUntil.delete(oldest);
  }

  async #offered(call: SoughtCall, deadline: AbortSignal): Promise<Offered | undefined> {
    const json = await this.#http.get(await pathOf(call.key), deadline);
    if (!json) return undefined;
    const { text, signature } = parseSigned(new TextDecoder().decode(json));
    const { verify } = this.#remote;
    if (verify !== undefined) {
      this.#verify ??= verifier(verify);
      if (!signature) throw new PackFormatError('it is not signed');
      if (!(await (await this.#verify)(text, signature))) throw new PackFormatError('its signature is wrong');
    }
    const { entry, details, digests, addresses } = parseEntry(text, RECORD_FORMAT);
    if (entry.key !== call.key || entry.functionKey !== call.functionKey)
      throw new PackFormatError('it is of another call');
    if (bytesOfParts(entry.parts) > this.#remote.maxBytes) return undefined;
    const digestsOf = (part: number): Uint8Array => digests[part] ?? new Uint8Array();
    const fetchPart = async (part: number, start: number, end: number, signal: AbortSignal) => {
      const byteLength = entry.parts[part]?.byteLength ?? 0;
      if (byteLength === 0) return new Uint8Array();
      const range = end - start < byteLength ? ([start, end] as const) : undefined;
      const path = `cas/${addresses[part]}`;
      const bytes = await this.#http.get(path, signal, range);
      if (!bytes) throw new PackFormatError('its bytes are not there');
      return bytes;
    };
    const skeleton = await fetchPart(0, 0, entry.parts[0]?.byteLength ?? 0, deadline);
    const isWhole = skeleton.length === entry.parts[0]?.byteLength;
    if (!isWhole || !(await areBlocks(skeleton, digestsOf(0), DIGEST_BLOCK_BYTES, sha256)))
      throw new PackFormatError('bytes are not what their digests say');
    return {
      ...{ source: 'remote', entry, details, skeleton, digestsOf },
      fetch: (part, start, end, signal = deadline) => fetchPart(part, start, end, signal),
      fetchBuffers: (signal) =>
        Promise.all(
          entry.parts.slice(1).map(({ byteLength }, index) => fetchPart(index + 1, 0, byteLength, signal)),
        ),
      onFailed: (error) => this.#failed(call.key, error),
    };
  }
}

/** Resolves when the page has nothing better to do, or after a second. */
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve(), { timeout: 1_000 });
    else setTimeout(resolve, 0);
  });
