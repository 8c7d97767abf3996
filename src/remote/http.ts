/** GET, HEAD and PUT of blobs, as Bazel's HTTP cache has them. */
import type { RemoteRequest, ResolvedRemote } from '../options/options.ts';

export class RemoteHttpError extends Error {
  override readonly name = 'RemoteHttpError';
  readonly status: number;

  constructor({ method, url }: RemoteRequest, status: number) {
    super(`${method} ${url} answered ${status}`);
    this.status = status;
  }
}

/** Of what is not there. Buckets that do not list say 403 for it. */
const ABSENT: readonly number[] = [403, 404, 410];

export class RemoteHttp {
  readonly #remote: ResolvedRemote;
  readonly #onMoved: (direction: 'fetched' | 'sent', byteLength: number) => void;

  constructor(remote: ResolvedRemote, onMoved: (direction: 'fetched' | 'sent', byteLength: number) => void) {
    this.#remote = remote;
    this.#onMoved = onMoved;
  }

  /** undefined: not there. @param range First byte and the one behind the last */
  async get(
    path: string,
    signal: AbortSignal,
    range?: readonly [number, number],
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const headers = range && { Range: `bytes=${range[0]}-${range[1] - 1}` };
    const response = await this.#send('GET', path, { signal, ...(headers && { headers }) });
    if (ABSENT.includes(response.status)) return undefined;
    this.#assertOk('GET', path, response);
    const bytes = new Uint8Array(await response.arrayBuffer());
    this.#onMoved('fetched', bytes.length);
    // Without Range it comes as a whole.
    return range && response.status === 200 ? bytes.slice(...range) : bytes;
  }

  async has(path: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#send('HEAD', path, { signal })).ok;
  }

  async put(path: string, body: Blob, signal: AbortSignal): Promise<void> {
    const response = await this.#send('PUT', path, { signal, body });
    this.#assertOk('PUT', path, response);
    this.#onMoved('sent', body.size);
  }

  #assertOk(method: RemoteRequest['method'], path: string, { ok, status }: Response): void {
    if (!ok) throw new RemoteHttpError({ method, url: this.#urlOf(path) }, status);
  }

  #urlOf(path: string): string {
    return `${this.#remote.url.replace(/\/+$/, '')}/${path}`;
  }

  async #send(method: RemoteRequest['method'], path: string, init: RequestInit): Promise<Response> {
    const url = this.#urlOf(path);
    const { headers = {} } = this.#remote;
    const own = typeof headers === 'function' ? await headers({ method, url }) : headers;
    return fetch(url, {
      ...init,
      method,
      headers: { ...own, ...(init.headers as Record<string, string> | undefined) },
    }); // given as a record above
  }
}
