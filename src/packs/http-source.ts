/** A pack on a server, read by Range; as a whole where the server has none. */
import { PackFormatError } from '../errors/errors.ts';
import { FIRST_BYTES } from '../pack-format/pack-format.ts';
import { BlobSource, cutOff, type PackSource } from './pack-source.ts';

/** What a server says is not there, or not for us: asking again is of no use. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly status: number;

  constructor(status: number, url: string) {
    super(`${url} answered ${status}`);
    this.status = status;
  }
}

interface HttpSourceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears of bytes that came over the wire, or from the browser's cache. */
  readonly onFetched?: (byteLength: number) => void;
}

/** Where a part of a file says where in it it begins: hidden from pages of other origins unless the server exposes it. */
function assertStart(response: Response, start: number): void {
  const range = response.headers.get('Content-Range');
  if (range !== null && !range.startsWith(`bytes ${start}-`))
    throw new PackFormatError('the server sent another range than it was asked for');
}

const versionOf = ({ headers }: Response): string =>
  headers.get('ETag') ?? headers.get('Last-Modified') ?? '';

export class HttpSource implements PackSource {
  readonly #url: string;
  readonly #options: HttpSourceOptions;
  /** The start of the file, or all of it. */
  #first: Promise<Uint8Array<ArrayBuffer> | BlobSource> | undefined;
  #version = '';

  constructor(url: string, options: HttpSourceOptions = {}) {
    this.#url = url;
    this.#options = options;
  }

  async read(start: number, byteLength: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const first = await this.#start();
    if (first instanceof BlobSource) return first.read(start, byteLength);
    if (start + byteLength <= first.length) return first.slice(start, start + byteLength);
    if (byteLength === 0) return new Uint8Array();
    if (first.length < FIRST_BYTES) throw cutOff();
    const response = await this.#range(start, byteLength, signal);
    return response instanceof BlobSource
      ? response.read(start, byteLength)
      : this.#exactly(new Uint8Array(await response.arrayBuffer()), byteLength);
  }

  async blob(start: number, byteLength: number): Promise<Blob> {
    const first = await this.#start();
    if (first instanceof BlobSource) return first.blob(start, byteLength);
    if (byteLength === 0) return new Blob();
    if (start + byteLength <= first.length) return new Blob([first.subarray(start, start + byteLength)]);
    const response = await this.#range(start, byteLength);
    if (response instanceof BlobSource) return response.blob(start, byteLength);
    const blob = await response.blob();
    this.#options.onFetched?.(blob.size);
    if (blob.size !== byteLength) throw cutOff();
    return blob;
  }

  async close(): Promise<void> {}

  #exactly(bytes: Uint8Array<ArrayBuffer>, byteLength: number): Uint8Array<ArrayBuffer> {
    this.#options.onFetched?.(bytes.length);
    if (bytes.length !== byteLength) throw cutOff();
    return bytes;
  }

  #start(): Promise<Uint8Array<ArrayBuffer> | BlobSource> {
    this.#first ??= this.#fetchStart();
    return this.#first;
  }

  async #fetchStart(): Promise<Uint8Array<ArrayBuffer> | BlobSource> {
    // Asked anew each time, by the ETag where there is one: the rest is as old as this says.
    const response = await this.#fetch(0, FIRST_BYTES, { cache: 'no-cache' });
    if (response.status === 416) throw cutOff();
    this.#version = versionOf(response);
    if (response.status !== 206) return this.#whole(response);
    assertStart(response, 0);
    const bytes = new Uint8Array(await response.arrayBuffer());
    this.#options.onFetched?.(bytes.length);
    if (bytes.length > FIRST_BYTES) throw new PackFormatError('the server sent more than it was asked for');
    return bytes;
  }

  async #range(start: number, byteLength: number, signal?: AbortSignal): Promise<Response | BlobSource> {
    const response = await this.#fetch(start, byteLength, signal ? { signal } : {});
    if (response.status === 416) throw cutOff();
    if (versionOf(response) !== this.#version) throw new PackFormatError('it changed while it was read');
    if (response.status === 206) {
      assertStart(response, start);
      return response;
    }
    const whole = this.#whole(response);
    this.#first = whole;
    return whole;
  }

  async #whole(response: Response): Promise<BlobSource> {
    const blob = await response.blob();
    this.#options.onFetched?.(blob.size);
    return new BlobSource(blob);
  }

  async #fetch(start: number, byteLength: number, init: RequestInit): Promise<Response> {
    const headers = { Range: `bytes=${start}-${start + byteLength - 1}` };
    const { signal } = this.#options;
    const response = await fetch(this.#url, { headers, ...(signal && { signal }), ...init });
    if (!response.ok && response.status !== 416) throw new HttpStatusError(response.status, this.#url);
    return response;
  }
}
