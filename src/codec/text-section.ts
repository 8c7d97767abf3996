/** All text of a value in few large strings: decoded at once, and cut by length. */
import { isWellFormed } from '../values/values.ts';
import { type ByteReader, damaged } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { textChunkLength, textEncodings } from './skeleton-format.ts';

const littleEndian16 = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index), true);
  return bytes;
};

/** Collects strings in the order in which they will be cut again. */
export class TextWriter {
  readonly #chunks: string[] = [];
  #pieces: string[] = [];
  #length = 0;

  add(text: string): void {
    if (this.#length > 0 && this.#length + text.length > textChunkLength) this.#endChunk();
    this.#pieces.push(text);
    this.#length += text.length;
  }

  finish(): Uint8Array {
    if (this.#length > 0) this.#endChunk();
    const encoder = new TextEncoder();
    const writer = new ByteWriter();
    writer.count(this.#chunks.length);
    for (const chunk of this.#chunks) {
      // UTF-8 has no form for lone surrogates.
      const isText = isWellFormed(chunk);
      const bytes = isText ? encoder.encode(chunk) : littleEndian16(chunk);
      writer.byte(isText ? textEncodings.utf8 : textEncodings.utf16);
      writer.count(chunk.length);
      writer.count(bytes.length);
      writer.bytes(bytes);
    }
    return writer.finish();
  }

  #endChunk(): void {
    this.#chunks.push(this.#pieces.join(''));
    this.#pieces = [];
    this.#length = 0;
  }
}

const utf16PieceBytes = 16 * 1024;

function decodeUtf16(bytes: Uint8Array): string {
  if (bytes.length % 2 !== 0) throw damaged('text is cut in the middle of a character');
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += utf16PieceBytes) {
    const units: number[] = [];
    for (let at = start; at < Math.min(start + utf16PieceBytes, bytes.length); at += 2) {
      units.push((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
    }
    pieces.push(String.fromCharCode(...units));
  }
  return pieces.join('');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readChunk(reader: ByteReader): string {
  const encoding = reader.byte();
  const length = reader.count();
  const bytes = reader.bytes(reader.count());
  if (encoding !== textEncodings.utf8 && encoding !== textEncodings.utf16)
    throw damaged('unknown text encoding');
  const text = encoding === textEncodings.utf16 ? decodeUtf16(bytes) : utf8.decode(bytes);
  if (text.length !== length) throw damaged('text has another length than it should');
  return text;
}

/** Cuts the strings again. */
export class TextReader {
  readonly #chunks: string[] = [];
  #chunk = '';
  #chunkIndex = 0;
  #at = 0;

  constructor(reader: ByteReader) {
    for (let left = reader.countOf(3); left > 0; left--) this.#chunks.push(readChunk(reader));
    if (reader.remaining > 0) throw damaged('there is more text than it should have');
    this.#chunk = this.#chunks[0] ?? '';
  }

  next(length: number): string {
    // A string never crosses chunks: it begins the next one when this one is used up.
    if (length > 0 && this.#at === this.#chunk.length) this.#openNext();
    const end = this.#at + length;
    if (end > this.#chunk.length) throw damaged('it has less text than it should');
    const text = this.#chunk.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  #openNext(): void {
    this.#chunk = this.#chunks[++this.#chunkIndex] ?? '';
    this.#at = 0;
  }
}
