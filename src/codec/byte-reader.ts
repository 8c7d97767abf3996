/** Reads bytes that may be anything: never past the end, never more than asked. */
import { DamagedEntryError } from '../errors/errors.ts';

/** A damage found while reading; the decoder adds the key. */
export const damaged = (reason: string, cause?: unknown): DamagedEntryError =>
  new DamagedEntryError('', reason, cause === undefined ? undefined : { cause });

/** A position in a run of bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw damaged('it ends too early');
    return value;
  }

  /** Leaves the last byte to be read again. */
  back(): void {
    this.#at--;
  }

  /** A LEB128 number up to 2^53 - 1. */
  count(): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 8; index++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      scale *= 0x80;
    }
    throw damaged('a length is out of range');
  }

  /** How many members follow that take at least `bytesEach` bytes: bounded before anything is allocated. */
  countOf(bytesEach: number): number {
    const count = this.count();
    if (count * bytesEach > this.remaining) throw damaged('a length exceeds the data');
    return count;
  }

  float(): number {
    this.#need(8);
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  /** A view of the next bytes. */
  bytes(byteCount: number): Uint8Array {
    this.#need(byteCount);
    this.#at += byteCount;
    return this.#bytes.subarray(this.#at - byteCount, this.#at);
  }

  #need(byteCount: number): void {
    if (byteCount > this.remaining) throw damaged('it ends too early');
  }
}
