/** Bytes of the canonical stream on their way into a digest, through one reused chunk. */
import { toHex } from '../bytes/bytes.ts';
import type { Hasher } from '../digest/digest.ts';
import { isWellFormed } from '../values/values.ts';
import { tags } from './key-format.ts';

const chunkBytes = 64 * 1024;
/** No single write below needs more, apart from text and bytes, which go in pieces. */
const headroomBytes = 32;
/** Longer byte runs go to the digest uncopied. */
const copiedBytes = 1024;
/** Text this short is written without a call into the encoder, if it is ASCII. */
const shortTextLength = 256;
const pieceLength = 16 * 1024;

/** Writes typed primitives; the digest of all that was written since reset(). */
export class CanonicalStream {
  readonly #hasher: Hasher;
  readonly #bytes = new Uint8Array(chunkBytes);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #encoder = new TextEncoder();
  #used = 0;

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  reset(): void {
    this.#used = 0;
    this.#hasher.reset();
  }

  /** Lower-case hexadecimal digest; reset() or resume() must follow. */
  digest(): string {
    this.#flush();
    return toHex(this.#hasher.digest());
  }

  /** Sets the stream so far aside and begins a new one. */
  park(): Uint8Array {
    this.#flush();
    const state = this.#hasher.save();
    this.#hasher.reset();
    return state;
  }

  /** Goes on with a stream that was set aside. */
  resume(state: Uint8Array): void {
    this.#used = 0;
    this.#hasher.load(state);
  }

  tag(tag: number): void {
    this.#reserve(headroomBytes);
    this.#bytes[this.#used++] = tag;
  }

  /** A length or count, LEB128. */
  count(value: number): void {
    this.#reserve(headroomBytes);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#used++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#used++] = rest;
  }

  number(value: number): void {
    this.#reserve(headroomBytes);
    // The bits of a NaN are the engine's choice, so it is written by name.
    if (Number.isNaN(value)) {
      this.#bytes[this.#used++] = tags.nan;
      return;
    }
    this.#bytes[this.#used] = tags.number;
    this.#view.setFloat64(this.#used + 1, value, true);
    this.#used += 9;
  }

  text(text: string): void {
    this.#reserve(shortTextLength + headroomBytes);
    if (text.length <= shortTextLength && this.#shortText(text)) return;
    const isText = isWellFormed(text);
    this.tag(isText ? tags.text : tags.textWithLoneSurrogates);
    this.count(text.length);
    for (let start = 0; start < text.length; ) {
      start = isText ? this.#utf8Piece(text, start) : this.#utf16Piece(text, start);
    }
  }

  /** Raw bytes without a length. Long runs are read in place. */
  bytes(bytes: Uint8Array): void {
    if (bytes.length > copiedBytes) {
      this.#flush();
      this.#hasher.update(bytes);
      return;
    }
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Writes ASCII text; false, and nothing written, if it is none. */
  #shortText(text: string): boolean {
    const bytes = this.#bytes;
    const { length } = text;
    let at = this.#used;
    bytes[at++] = tags.text;
    if (length >= 0x80) bytes[at++] = (length & 0x7f) | 0x80;
    bytes[at++] = length >= 0x80 ? length >> 7 : length;
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index);
      if (unit >= 0x80) return false;
      bytes[at++] = unit;
    }
    this.#used = at;
    return true;
  }

  #utf8Piece(text: string, start: number): number {
    this.#reserve(pieceLength * 3);
    const piece = start === 0 && text.length <= pieceLength ? text : this.#piece(text, start);
    const { written } = this.#encoder.encodeInto(piece, this.#bytes.subarray(this.#used));
    this.#used += written;
    return start + piece.length;
  }

  /** A piece that splits no surrogate pair. */
  #piece(text: string, start: number): string {
    const end = Math.min(start + pieceLength, text.length);
    const last = text.charCodeAt(end - 1);
    const splitsPair = end < text.length && last >= 0xd800 && last <= 0xdbff;
    return text.slice(start, splitsPair ? end - 1 : end);
  }

  #utf16Piece(text: string, start: number): number {
    this.#reserve(pieceLength * 2);
    const end = Math.min(start + pieceLength, text.length);
    for (let index = start; index < end; index++) {
      this.#view.setUint16(this.#used, text.charCodeAt(index), true);
      this.#used += 2;
    }
    return end;
  }

  #reserve(byteCount: number): void {
    if (this.#used + byteCount > chunkBytes) this.#flush();
  }

  #flush(): void {
    if (this.#used > 0) this.#hasher.update(this.#bytes.subarray(0, this.#used));
    this.#used = 0;
  }
}
