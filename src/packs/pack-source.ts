/** Where the bytes of a pack come from: a Blob, a stream that is read once, or a file on a server. */
import { PackFormatError } from '../errors/errors.ts';

export interface PackSource {
  /** Exactly so many bytes. @throws PackFormatError where there are fewer */
  read(start: number, byteLength: number): Promise<Uint8Array<ArrayBuffer>>;
  /** As read(), for bytes that need not be in memory. */
  blob(start: number, byteLength: number): Promise<Blob>;
  close(): Promise<void>;
}

export const cutOff = (): PackFormatError => new PackFormatError('it is cut off');

export class BlobSource implements PackSource {
  readonly #blob: Blob;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  async read(start: number, byteLength: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await this.blob(start, byteLength)).arrayBuffer());
  }

  async blob(start: number, byteLength: number): Promise<Blob> {
    if (start + byteLength > this.#blob.size) throw cutOff();
    return this.#blob.slice(start, start + byteLength);
  }

  async close(): Promise<void> {}
}

/** Bytes that are gathered become a Blob, which engines keep on disk, in pieces of so many. */
const PIECE_BYTES = 4 * 2 ** 20;

/** Read from its start to its end: what is passed over is gone. */
export class StreamSource implements PackSource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #rest = new Uint8Array();
  #at = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  async read(start: number, byteLength: number): Promise<Uint8Array<ArrayBuffer>> {
    // Gathered as it comes: a pack that is cut off may claim any length.
    return new Uint8Array(await (await this.blob(start, byteLength)).arrayBuffer());
  }

  async blob(start: number, byteLength: number): Promise<Blob> {
    await this.#skipTo(start);
    const blobs: Blob[] = [];
    let chunks: Uint8Array<ArrayBuffer>[] = [];
    let gathered = 0;
    await this.#take(byteLength, (chunk) => {
      chunks.push(chunk.slice());
      gathered += chunk.length;
      if (gathered < PIECE_BYTES) return;
      blobs.push(new Blob(chunks));
      chunks = [];
      gathered = 0;
    });
    return new Blob([...blobs, ...chunks]);
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined); // whoever gave it has heard of its failure
  }

  async #skipTo(start: number): Promise<void> {
    if (start < this.#at) throw new TypeError('A stream is read in order');
    await this.#take(start - this.#at, () => undefined);
  }

  async #take(byteLength: number, use: (chunk: Uint8Array) => void): Promise<void> {
    for (let at = 0; at < byteLength; ) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#reader.read();
        if (done) throw cutOff();
        if (!(value instanceof Uint8Array))
          throw new TypeError('The stream gives something else than Uint8Arrays');
        this.#rest = value as Uint8Array<ArrayBuffer>; // only read
        continue;
      }
      const chunk = this.#rest.subarray(0, byteLength - at);
      use(chunk);
      at += chunk.length;
      this.#at += chunk.length;
      this.#rest = this.#rest.subarray(chunk.length);
    }
  }
}
