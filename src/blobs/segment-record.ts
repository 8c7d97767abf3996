/**
 * A record of a segment: a header that describes and checks itself and the payload behind it, so that a segment can be
 * walked, verified and swept without the catalog. Records start at multiples of 64 bytes. Little-endian:
 * magic 8 · format u32 · header bytes u32 · payload bytes f64 · header check u64 (as if zero) · label bytes u32 ·
 * blocks u32 · label · padding to 8 · per block: position f64, check u64, byte length u32, zero u32 · padding to 64
 */

const MAGIC = [0x4b, 0x45, 0x45, 0x50, 0x53, 0x41, 0x4b, 0x45]; // KEEPSAKE
const FORMAT = 1;
const CHECK_AT = 24;
const BLOCK_ENTRY_BYTES = 24;

/** Bytes of a header up to its label. */
export const FIXED_BYTES = 40;
export const RECORD_ALIGNMENT = 64;

export const alignRecord = (position: number): number =>
  Math.ceil(position / RECORD_ALIGNMENT) * RECORD_ALIGNMENT;

const alignBlocks = (position: number): number => Math.ceil(position / 8) * 8;

/** A checked run of the payload. */
export interface RecordBlock {
  readonly position: number;
  readonly byteLength: number;
  readonly check: bigint;
}

export interface RecordHeader {
  readonly label: string;
  readonly headerBytes: number;
  readonly payloadBytes: number;
  readonly blocks: readonly RecordBlock[];
}

const labelBytes = (label: string): Uint8Array => new TextEncoder().encode(label);

export const headerBytesFor = (label: string, blockCount: number): number =>
  alignRecord(alignBlocks(FIXED_BYTES + labelBytes(label).byteLength) + blockCount * BLOCK_ENTRY_BYTES);

/** Writes the header into `into`, which is as long as headerBytesFor() says. */
export function writeHeader(
  into: Uint8Array,
  { label, payloadBytes, blocks }: Omit<RecordHeader, 'headerBytes'>,
  checksum: (bytes: Uint8Array) => bigint,
): void {
  const text = labelBytes(label);
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  into.fill(0);
  into.set(MAGIC);
  view.setUint32(8, FORMAT, true);
  view.setUint32(12, into.byteLength, true);
  view.setFloat64(16, payloadBytes, true);
  view.setUint32(32, text.byteLength, true);
  view.setUint32(36, blocks.length, true);
  into.set(text, FIXED_BYTES);
  let at = alignBlocks(FIXED_BYTES + text.byteLength);
  for (const { position, byteLength, check } of blocks) {
    view.setFloat64(at, position, true);
    view.setBigUint64(at + 8, check, true);
    view.setUint32(at + 16, byteLength, true);
    at += BLOCK_ENTRY_BYTES;
  }
  view.setBigUint64(CHECK_AT, checksum(into), true);
}

/** Header and payload lengths from the first FIXED_BYTES; undefined where no record of this format starts. */
export function readLengths(fixed: Uint8Array): { headerBytes: number; payloadBytes: number } | undefined {
  const view = new DataView(fixed.buffer, fixed.byteOffset, fixed.byteLength);
  if (fixed.byteLength < FIXED_BYTES || MAGIC.some((byte, at) => fixed[at] !== byte)) return undefined;
  const headerBytes = view.getUint32(12, true);
  const payloadBytes = view.getFloat64(16, true);
  const isSound =
    view.getUint32(8, true) === FORMAT &&
    headerBytes >= FIXED_BYTES &&
    headerBytes % RECORD_ALIGNMENT === 0 &&
    Number.isSafeInteger(payloadBytes) &&
    payloadBytes >= 0;
  return isSound ? { headerBytes, payloadBytes } : undefined;
}

/** A whole header, believed only when its check is right. `header` is changed. */
export function readHeader(
  header: Uint8Array,
  checksum: (bytes: Uint8Array) => bigint,
): RecordHeader | undefined {
  const lengths = readLengths(header);
  if (lengths?.headerBytes !== header.byteLength) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const check = view.getBigUint64(CHECK_AT, true);
  view.setBigUint64(CHECK_AT, 0n, true);
  if (checksum(header) !== check) return undefined;
  const labelEnd = FIXED_BYTES + view.getUint32(32, true);
  const start = alignBlocks(labelEnd);
  const blockCount = view.getUint32(36, true);
  // The check keeps accidents out, not a hostile writer.
  if (start + blockCount * BLOCK_ENTRY_BYTES > header.byteLength) return undefined;
  const label = new TextDecoder().decode(header.subarray(FIXED_BYTES, labelEnd));
  const blocks = Array.from({ length: blockCount }, (_, index) => {
    const at = start + index * BLOCK_ENTRY_BYTES;
    return {
      position: view.getFloat64(at, true),
      check: view.getBigUint64(at + 8, true),
      byteLength: view.getUint32(at + 16, true),
    };
  });
  return { ...lengths, label, blocks };
}
