/**
 * Streams as they are stored: what they gave, one chunk behind the other in one run of bytes, so that a later page can
 * begin with the first and never hold more than a few.
 */
import type { Codec } from '../values/values.ts';
import { STREAM } from './skeleton-format.ts';

/** The value of a chunk of so many bytes, of which the first are its skeleton. */
type DecodeChunk = (bytes: Uint8Array, skeletonBytes: number) => unknown;

/** What the chunks came from, and are given as again. */
export type StreamKind = 'bytes' | 'stream' | 'iterator';

/** Bytes that stay where a Blob has them until they are written; read back, they are a Uint8Array. */
export class BlobBytes {
  readonly blob: Blob;

  constructor(blob: Blob) {
    this.blob = blob;
  }
}

/** All that a stream gave, ready to be encoded. */
export class CollectedStream {
  readonly kind: StreamKind;
  /** Runs of equal chunks: how many, bytes of each one's skeleton (0: it is a Uint8Array, as it is), and of the whole. */
  readonly runs: Float64Array;
  readonly body: BlobBytes;
  /** What an iterator returned in the end. */
  readonly returned: unknown;

  constructor({ kind, runs, body, returned }: CollectedStream) {
    this.kind = kind;
    this.runs = runs;
    this.body = body;
    this.returned = returned;
  }
}

/** An array of the stored form: in memory, or mapped. */
type Source<A extends Uint8Array | Float64Array> =
  | A
  | { read(start?: number, end?: number, into?: A): Promise<A>; close(): Promise<void> };

interface StoredStream {
  readonly kind: StreamKind;
  readonly runs: Source<Float64Array>;
  readonly body: Source<Uint8Array>;
  readonly returned: unknown;
}

/** Read at once where chunks are smaller. */
const WINDOW_BYTES = 2 ** 20;

const isMapped = <A extends Uint8Array | Float64Array>(source: Source<A>): source is Exclude<Source<A>, A> =>
  !ArrayBuffer.isView(source);

/** Reads a body from its start to its end, ahead of what is asked for once the first bytes are out. */
class BodyReader {
  readonly #body: Source<Uint8Array>;
  readonly #byteLength: number;
  /** Reused: what is read is copied out of it. */
  #buffer = new Uint8Array();
  #window = this.#buffer;
  #start = 0;

  constructor(body: Source<Uint8Array>, byteLength: number) {
    this.#body = body;
    this.#byteLength = byteLength;
  }

  /** A copy of the range; ranges follow each other. */
  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!isMapped(this.#body)) return new Uint8Array(this.#body.subarray(start, end));
    if (end > this.#start + this.#window.length) {
      const ahead = start === 0 ? end : Math.max(end, Math.min(start + WINDOW_BYTES, this.#byteLength));
      if (ahead - start > this.#buffer.length) this.#buffer = new Uint8Array(ahead - start);
      await this.#body.read(start, ahead, this.#buffer);
      this.#window = this.#buffer.subarray(0, ahead - start);
      this.#start = start;
    }
    return this.#window.slice(start - this.#start, end - this.#start);
  }
}

async function* chunksOf(stored: StoredStream, decodeChunk: DecodeChunk): AsyncGenerator<unknown, unknown> {
  const { runs, body, returned } = stored;
  try {
    const lengths = isMapped(runs) ? await runs.read() : runs;
    const reader = new BodyReader(body, totalBytes(lengths));
    let at = 0;
    for (let run = 0; run < lengths.length; run += 3) {
      const [count = 0, skeletonBytes = 0, byteLength = 0] = lengths.subarray(run, run + 3);
      for (let left = count; left > 0; left--) {
        const bytes = await reader.read(at, at + byteLength);
        at += byteLength;
        yield skeletonBytes === 0 ? bytes : await decodeChunk(bytes, skeletonBytes);
      }
    }
    return returned;
  } finally {
    for (const source of [runs, body]) if (isMapped<Uint8Array | Float64Array>(source)) await source.close();
  }
}

function totalBytes(lengths: Float64Array): number {
  let sum = 0;
  for (let run = 0; run < lengths.length; run += 3) sum += (lengths[run] ?? 0) * (lengths[run + 2] ?? 0);
  return sum;
}

const isEmpty = (kind: StreamKind, value: unknown): boolean =>
  kind === 'bytes' && (value as Uint8Array).byteLength === 0; // a stream of bytes gives nothing else

/** Chunks as a stream again, each read when it is asked for. */
export function streamOf(
  chunks: AsyncGenerator<unknown, unknown>,
  kind: 'bytes' | 'stream',
  onCancel?: (reason: unknown) => Promise<void>,
): ReadableStream {
  const source = {
    async pull(controller: ReadableStreamDefaultController | ReadableByteStreamController): Promise<void> {
      let { done, value } = await chunks.next();
      while (!done && isEmpty(kind, value)) ({ done, value } = await chunks.next());
      if (!done)
        controller.enqueue(value as Uint8Array<ArrayBuffer>); // of bytes where the kind says so
      else {
        controller.close();
        // A reader with a buffer of its own waits until it is given back.
        if ('byobRequest' in controller) controller.byobRequest?.respond(0);
      }
    },
    async cancel(reason: unknown): Promise<void> {
      await onCancel?.(reason);
      await chunks.return(undefined);
    },
  };
  return kind === 'bytes'
    ? new ReadableStream({ type: 'bytes', ...source })
    : new ReadableStream(source, { highWaterMark: 0 });
}

/** Stored as any other result, and given as a stream that reads what it gives. */
export function streamCodec(decodeChunk: DecodeChunk): Codec<unknown, StoredStream> {
  const open = (stored: StoredStream): unknown => {
    const chunks = chunksOf(stored, decodeChunk);
    return stored.kind === 'iterator' ? chunks : streamOf(chunks, stored.kind);
  };
  return {
    name: STREAM,
    is: () => false, // it only reads
    encode: (value) => value as StoredStream,
    decode: open,
    mapped: open,
  };
}
