/**
 * Memory for the next read. The first touch of a fresh page takes several times as long as reading into it, so a buffer
 * as long as the last one is made and touched while the reply to that is on its way.
 */
const PAGE_BYTES = 4096;
/** Below, memory comes from what the thread has touched before. Above, it is too much to keep for what may never come. */
const LEAST_BYTES = 128 * 1024;
const MOST_BYTES = 4 * 2 ** 20;
const IDLE_MS = 5_000;

export class SpareBuffer {
  #spare: ArrayBuffer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Memory full of zeros, which is the caller's from now on. */
  take(byteLength: number): ArrayBuffer {
    const spare = this.#spare;
    if (byteLength >= LEAST_BYTES && byteLength <= MOST_BYTES)
      this.#schedule(() => this.#make(byteLength), 0);
    if (spare?.byteLength !== byteLength) return new ArrayBuffer(byteLength);
    this.#spare = undefined;
    return spare;
  }

  #make(byteLength: number): void {
    const bytes = new Uint8Array(byteLength);
    for (let at = 0; at < byteLength; at += PAGE_BYTES) bytes[at] = 0;
    this.#spare = bytes.buffer;
    this.#schedule(() => {
      this.#spare = undefined;
    }, IDLE_MS);
  }

  #schedule(work: () => void, ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(work, ms);
  }
}
