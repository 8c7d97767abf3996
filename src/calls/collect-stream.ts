/** Streams that a function returns: given to the caller at once, and collected as the caller reads them. */
import {
  BlobBytes,
  CollectedStream,
  type Encoded,
  encode,
  type StreamKind,
  streamOf,
} from '../codec/codec.ts';
import { StorageFullError } from '../errors/errors.ts';
import type { Codec } from '../values/values.ts';

/** What becomes of what is collected. */
export interface Collecting {
  readonly codecs: readonly Codec[] | undefined;
  readonly maxBytes: number;
  /** The stream has ended: all of it is there. */
  keep(collected: CollectedStream): void;
  /** It cannot be kept, or was given up half-way. */
  drop(error: unknown): void;
}

export type Streamed = ReadableStream | AsyncGenerator<unknown, unknown, unknown>;

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/** Whether a result is read piece by piece: a stream that nobody reads yet, or what an `async function*` returns. */
export const isStreamed = (value: unknown): value is Streamed =>
  (value instanceof ReadableStream && !value.locked) || tagOf(value) === 'AsyncGenerator';

/** Collected bytes move to the browser's own memory in pieces of this size. */
const PIECE_BYTES = 4 * 2 ** 20;

const isPlainBytes = (chunk: unknown): chunk is Uint8Array =>
  tagOf(chunk) === 'Uint8Array' && Object.getPrototypeOf(chunk) === Uint8Array.prototype;

/** Copies of the chunks so far. */
class Collector {
  readonly #kind: StreamKind;
  readonly #collecting: Collecting;
  readonly #runs: number[] = [];
  #parts: Blob[] = [];
  /** Reused: a Blob copies what it is made of. */
  readonly #piece = new Uint8Array(PIECE_BYTES);
  #pieceBytes = 0;
  /** A piece on its way to where the browser keeps Blobs. */
  #moving: Promise<unknown> = Promise.resolve();
  #byteLength = 0;
  #isOver = false;

  constructor(kind: StreamKind, collecting: Collecting) {
    this.#kind = kind;
    this.#collecting = collecting;
  }

  /** Takes a copy before the reader has the chunk. */
  async add(chunk: unknown): Promise<void> {
    if (this.#isOver) return;
    try {
      if (isPlainBytes(chunk)) this.#push(0, [chunk]);
      else await this.#addItem(chunk);
      await this.#moving;
      if (this.#byteLength > this.#collecting.maxBytes)
        throw new StorageFullError(this.#byteLength, this.#collecting.maxBytes);
    } catch (error) {
      this.drop(error);
    }
  }

  end(returned: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#movePiece();
    const body = new BlobBytes(new Blob(this.#parts));
    this.#parts = [];
    this.#collecting.keep(
      new CollectedStream({ kind: this.#kind, runs: Float64Array.from(this.#runs), body, returned }),
    );
  }

  drop(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#parts = [];
    this.#collecting.drop(error);
  }

  async #addItem(item: unknown): Promise<void> {
    const encoded = encode(item, { root: 'result.next()', codecs: this.#collecting.codecs });
    const { skeleton, buffers }: Encoded = encoded instanceof Promise ? await encoded : encoded;
    const contents = buffers.map((buffer) => (buffer.kind === 'blob' ? buffer.blob : buffer.bytes));
    this.#push(skeleton.byteLength, [skeleton, ...contents]);
  }

  /** Copies before it returns. */
  #push(skeletonBytes: number, parts: readonly (Uint8Array | Blob)[]): void {
    const byteLength = parts.reduce((sum, part) => sum + sizeOf(part), 0);
    const at = this.#runs.length - 3;
    if (at >= 0 && this.#runs[at + 1] === skeletonBytes && this.#runs[at + 2] === byteLength) {
      this.#runs[at] = (this.#runs[at] ?? 0) + 1;
    } else this.#runs.push(1, skeletonBytes, byteLength);
    this.#byteLength += byteLength;
    for (const part of parts) {
      if (part instanceof Blob) {
        this.#movePiece();
        this.#parts.push(part);
      } else this.#copy(part);
    }
  }

  #copy(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + PIECE_BYTES - this.#pieceBytes);
      this.#piece.set(part, this.#pieceBytes);
      this.#pieceBytes += part.length;
      at += part.length;
      if (this.#pieceBytes === PIECE_BYTES) this.#movePiece();
    }
  }

  #movePiece(): void {
    if (this.#pieceBytes === 0) return;
    const blob = new Blob([this.#piece.subarray(0, this.#pieceBytes)]);
    this.#parts.push(blob);
    this.#pieceBytes = 0;
    // A Blob can be read once its bytes have left this process: the reader is not to be ahead of that.
    this.#moving = blob.slice(0, 1).arrayBuffer();
    this.#moving.catch(() => undefined); // whoever stores the Blob is told
  }
}

const sizeOf = (part: Uint8Array | Blob): number => (part instanceof Blob ? part.size : part.byteLength);

const givenUp = (): Error => new TypeError('The stream was given up before its end');

/** The generator's chunks, collected on their way. What the reader sends or throws into it goes on to the source. */
async function* collectFrom(
  source: AsyncGenerator<unknown, unknown, unknown>,
  collector: Collector,
): AsyncGenerator<unknown, unknown, unknown> {
  let isEnded = false;
  try {
    let step = await source.next();
    while (!step.done) {
      await collector.add(step.value);
      let sent: unknown;
      try {
        sent = yield step.value;
      } catch (error) {
        collector.drop(error);
        step = await source.throw(error);
        continue;
      }
      if (sent !== undefined)
        collector.drop(new TypeError('The generator was sent a value, which is no part of the key'));
      step = await source.next(sent);
    }
    isEnded = true;
    collector.end(step.value);
    return step.value;
  } catch (error) {
    isEnded = true;
    collector.drop(error);
    throw error;
  } finally {
    if (!isEnded) {
      collector.drop(givenUp());
      await source.return(undefined);
    }
  }
}

/** How far the caller's reading has come. */
interface Reading {
  isBegun: boolean;
  reason: unknown;
}

/** A stream's chunks, as a generator that cancels the stream when it is left early. */
async function* read(stream: ReadableStream, reading: Reading): AsyncGenerator<unknown, unknown, unknown> {
  reading.isBegun = true;
  const reader = stream.getReader();
  let isOver = true;
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      isOver = false;
      yield step.value;
      isOver = true;
    }
    return undefined;
  } finally {
    if (!isOver) await reader.cancel(reading.reason);
  }
}

/** Whether a reader may bring its own buffer. */
function isOfBytes(stream: ReadableStream): boolean {
  try {
    stream.getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

/** What the caller reads in place of the function's own stream: the same, and of the same kind. */
export function collect(value: Streamed, collecting: Collecting): Streamed {
  if (!(value instanceof ReadableStream)) return collectFrom(value, new Collector('iterator', collecting));
  const kind = isOfBytes(value) ? 'bytes' : 'stream';
  const reading: Reading = { isBegun: false, reason: undefined };
  return streamOf(
    collectFrom(read(value, reading), new Collector(kind, collecting)),
    kind,
    async (reason) => {
      reading.reason = reason;
      if (!reading.isBegun) await value.cancel(reason);
    },
  );
}
