/** Warm memory that travels between page and worker: fresh memory costs several times what a copy costs. */
import { BLOCK_BYTES } from './protocol.ts';

/** Large enough to amortise the way, small enough to stay warm in cache. */
export const CHUNK_BYTES = 4 * BLOCK_BYTES;
/** One is filled while another is written, and the third is on its way. */
export const CHUNKS_UNDER_WAY = 3;
const IDLE_MS = 5_000;

export class Chunks {
  #spare: ArrayBuffer[] = [];
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  take(): ArrayBuffer {
    return this.#spare.pop() ?? new ArrayBuffer(CHUNK_BYTES);
  }

  /** Takes a chunk back, as long as few lie about. */
  give(chunk: ArrayBufferLike): void {
    if (!(chunk instanceof ArrayBuffer) || chunk.byteLength !== CHUNK_BYTES) return;
    if (this.#spare.length < CHUNKS_UNDER_WAY) this.#spare.push(chunk);
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      this.#spare = [];
    }, IDLE_MS);
  }
}
