/**
 * The body of one entry in a pack, a safetensors file: header, skeleton, digests, buffers. What a mapped hit needs comes
 * first. The digests are a seal, SHA-256 over what the index and the header say and the digests of all blocks, and then
 * these. A seal of zeros: the entry went while the pack was written.
 */
import {
  blocksIn,
  blocksOfParts,
  bytesOfParts,
  DIGEST_BYTES,
  fail,
  functionRowOf,
  type PortableEntry,
  rowOf,
  type Sha256,
} from './portable-entry.ts';

/** An entry and where its body is. */
export interface PackedEntry {
  readonly entry: PortableEntry;
  readonly offset: number;
  readonly headerBytes: number;
  readonly digestBytes: number;
  readonly byteLength: number;
  /** Of each part, from the body's start. */
  readonly partOffsets: readonly number[];
}

/** Bytes of the seal and of the digests of all blocks. */
export const digestBytesOf = ({ parts }: PortableEntry): number => DIGEST_BYTES * (1 + blocksOfParts(parts));

export function packedEntry(entry: PortableEntry, headerBytes: number, offset: number): PackedEntry {
  const digestBytes = digestBytesOf(entry);
  let end = headerBytes;
  const partOffsets = entry.parts.map(({ byteLength }, at) => {
    const start = end;
    end += byteLength + (at === 0 ? digestBytes : 0);
    return start;
  });
  const byteLength = headerBytes + digestBytes + bytesOfParts(entry.parts);
  return { entry, offset, headerBytes, digestBytes, byteLength, partOffsets };
}

/** What a mapped hit needs: header, skeleton and digests. */
export const headBytesOf = ({ entry, headerBytes, digestBytes }: PackedEntry): number =>
  headerBytes + digestBytes + (entry.parts[0]?.byteLength ?? 0);

/** Binds digests to the entry that they are of: a body under another key, or of another size, is not believed. */
export function sealOf(
  { entry, headerBytes }: Pick<PackedEntry, 'entry' | 'headerBytes'>,
  header: Uint8Array,
  digests: Uint8Array,
  sha256: Sha256,
): Promise<Uint8Array<ArrayBuffer>> {
  const said = JSON.stringify(['keepsake pack 1', headerBytes, ...functionRowOf(entry), ...rowOf(entry)]);
  const text = new TextEncoder().encode(`${said}\n`);
  const all = new Uint8Array(text.length + header.length + digests.length);
  all.set(text);
  all.set(header, text.length);
  all.set(digests, text.length + header.length);
  return sha256(all);
}

/** The start of a body, taken apart and verified. */
export interface BodyHead {
  readonly header: Uint8Array<ArrayBuffer>;
  readonly skeleton: Uint8Array<ArrayBuffer>;
  /** Of all blocks, in the order of the parts. */
  readonly digests: Uint8Array<ArrayBuffer>;
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** @returns undefined for an entry that went while the pack was written. @throws PackFormatError */
export async function openBody(
  packed: PackedEntry,
  head: Uint8Array<ArrayBuffer>,
  sha256: Sha256,
): Promise<BodyHead | undefined> {
  const { headerBytes, digestBytes } = packed;
  if (head.length < headBytesOf(packed)) fail('an entry is cut off');
  const digestsAt = headBytesOf(packed) - digestBytes;
  const seal = head.subarray(digestsAt, digestsAt + DIGEST_BYTES);
  if (isZero(seal)) return undefined;
  const header = head.slice(0, headerBytes);
  const digests = head.slice(digestsAt + DIGEST_BYTES, digestsAt + digestBytes);
  const wanted = await sealOf(packed, header, digests, sha256);
  if (!wanted.every((byte, at) => byte === seal[at])) fail('an entry is not what was packed');
  return { header, skeleton: head.slice(headerBytes, digestsAt), digests };
}

/** The digests of one part's blocks. */
export function digestsOfPart(
  { parts }: PortableEntry,
  digests: Uint8Array<ArrayBuffer>,
  part: number,
): Uint8Array<ArrayBuffer> {
  const start = blocksOfParts(parts.slice(0, part));
  const end = start + blocksIn(parts[part]?.byteLength ?? 0);
  return digests.subarray(start * DIGEST_BYTES, end * DIGEST_BYTES);
}

/** Whether bytes that begin with a block are what the digests from that block on say. */
export async function areBlocks(
  bytes: Uint8Array<ArrayBuffer>,
  digests: Uint8Array,
  blockBytes: number,
  sha256: Sha256,
): Promise<boolean> {
  for (let at = 0, block = 0; at < bytes.length; at += blockBytes, block += 1) {
    const found = await sha256(bytes.subarray(at, at + blockBytes));
    const wanted = digests.subarray(block * DIGEST_BYTES, (block + 1) * DIGEST_BYTES);
    if (wanted.length !== DIGEST_BYTES || !found.every((byte, place) => byte === wanted[place])) return false;
  }
  return true;
}
