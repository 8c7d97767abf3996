/** Bytes on their way into and out of an entry: inline or in a file, compressed or not, checked either way. */
import { BLOCK_BYTES, blockChecks, type StoredRange } from '../blobs/blobs.ts';
import { joined } from '../bytes/bytes.ts';
import { extentsOf, type StoredBytes } from '../catalog/catalog.ts';
import { type Checksum, createChecksum, readyChecksum } from '../digest/digest.ts';
import { DamagedEntryError } from '../errors/errors.ts';
import type { Compression } from '../options/options.ts';

export interface Packed {
  readonly bytes: Uint8Array | Blob;
  readonly compression: '' | 'gzip' | 'deflate';
  readonly rawByteLength: number;
}

const sizeOf = (bytes: Uint8Array | Blob): number =>
  bytes instanceof Uint8Array ? bytes.byteLength : bytes.size;

export const asIs = (bytes: Uint8Array | Blob): Packed => ({
  bytes,
  compression: '',
  rawByteLength: sizeOf(bytes),
});

/** Compresses what is large enough; keeps the original where that does not make it smaller. */
export async function pack(
  bytes: Uint8Array<ArrayBuffer> | Blob,
  { format, minBytes }: Compression,
): Promise<Packed> {
  const rawByteLength = sizeOf(bytes);
  if (rawByteLength < minBytes) return asIs(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream(format));
  const compressed = new Uint8Array(await new Response(stream).arrayBuffer());
  return compressed.byteLength < rawByteLength
    ? { bytes: compressed, compression: format, rawByteLength }
    : asIs(bytes);
}

/** More than either format ever saves (1032 to 1), and room for headers. */
const MOST_SAVED = 1_100;

/** Undoes pack(); never makes more room than the bytes can fill. */
export async function unpack(
  bytes: ArrayBuffer,
  { compression, rawByteLength }: Pick<StoredBytes, 'compression' | 'rawByteLength'>,
): Promise<ArrayBuffer> {
  if (compression === '') return bytes;
  if (rawByteLength > (bytes.byteLength + 1) * MOST_SAVED)
    throw new DamagedEntryError('', 'a compressed buffer cannot be as long as it says');
  const raw = new Uint8Array(rawByteLength);
  let at = 0;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(compression));
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new DamagedEntryError('', 'a compressed buffer cannot be unpacked', { cause });
    });
    if (done) break;
    if (at + value.byteLength > rawByteLength)
      throw new DamagedEntryError('', 'a compressed buffer is too long');
    raw.set(value, at);
    at += value.byteLength;
  }
  if (at !== rawByteLength) throw new DamagedEntryError('', 'a compressed buffer is too short');
  return raw.buffer;
}

/** A copy for the record itself. */
export async function inline({ bytes, compression, rawByteLength }: Packed): Promise<StoredBytes> {
  const copy = bytes instanceof Uint8Array ? bytes.slice() : new Uint8Array(await bytes.arrayBuffer());
  const checksum = readyChecksum() ?? (await createChecksum());
  return { place: copy.buffer, checks: blockChecks(copy, checksum), compression, rawByteLength };
}

/** The inline bytes, verified. */
function readInline(place: ArrayBuffer, { checks }: StoredBytes, checksum: Checksum): ArrayBuffer {
  const found = blockChecks(new Uint8Array(place), checksum);
  if (found.length !== checks.length || found.some((check, block) => check !== checks[block])) {
    throw new DamagedEntryError('', 'inline bytes are not what was written');
  }
  return place;
}

/** The bytes of an entry that is all in its record and can be verified at once; undefined for any other. */
export function unstoreNow(all: readonly StoredBytes[]): ArrayBuffer[] | undefined {
  const checksum = readyChecksum();
  if (!checksum) return undefined;
  const found: ArrayBuffer[] = [];
  for (const stored of all) {
    const { place, compression } = stored;
    if (!(place instanceof ArrayBuffer) || compression !== '') return undefined;
    found.push(readInline(place, stored, checksum));
  }
  return found;
}

/** Stored bytes out of their place, or out of the buffers that were read from their runs: verified and unpacked. */
export async function unstore(stored: StoredBytes, runs: readonly ArrayBuffer[]): Promise<ArrayBuffer> {
  const { place } = stored;
  const checksum = readyChecksum() ?? (await createChecksum());
  const bytes = place instanceof ArrayBuffer ? readInline(place, stored, checksum) : joined(runs);
  return unpack(bytes, stored);
}

/** Where the bytes are in files, with the checksums of each run; empty for inline bytes. */
export function rangesOf(stored: StoredBytes): StoredRange[] {
  let block = 0;
  return extentsOf(stored).map(({ file, offset, byteLength }) => {
    const start = block;
    block += Math.ceil(byteLength / BLOCK_BYTES);
    return { file, offset, byteLength, checks: stored.checks.subarray(start, block) };
  });
}
