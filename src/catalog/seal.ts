/**
 * A checksum over what a record says of its value: under which key, where the bytes are and what they come to. Bytes
 * have checksums of their own; this one tells when they are whole and belong to another entry, or in another order.
 */
import { type Checksum, createChecksum } from '../digest/digest.ts';
import { type EntryRecord, extentsOf, type StoredBytes, type StoredEntry } from './schema.ts';

let checksum: Checksum | undefined;

/** Compiled once for the realm; before that nothing can be sealed. */
export async function sealsReady(): Promise<void> {
  checksum ??= await createChecksum();
}

const encoder = new TextEncoder();

/** @param cut Bytes that are in the tail: they count where they are, too. */
const textOf = (stored: StoredBytes, cut = 0): unknown[] => [
  stored.place.byteLength + cut,
  stored.compression,
  stored.rawByteLength,
  stored.checks.length,
  ...extentsOf(stored).flatMap(({ file, offset, byteLength }) => [file, offset, byteLength]),
];

/** Microseconds: a few hundred bytes, and eight for each MiB of the value. */
export function sealOf(entry: StoredEntry): bigint {
  if (!checksum) throw new TypeError('Seals are made once the checksum is compiled');
  const { key, format, functionKey, revision, createdAt, computeMs, sizeBytes, cuts = [] } = entry;
  const all = [entry.skeleton, ...entry.buffers];
  const said = [
    key,
    format,
    functionKey,
    revision,
    createdAt,
    computeMs,
    sizeBytes,
    ...all.map((stored, at) => textOf(stored, cuts[at])),
  ];
  const text = encoder.encode(JSON.stringify(said));
  const checks = all.map(
    (stored) => new Uint8Array(stored.checks.buffer, stored.checks.byteOffset, stored.checks.byteLength),
  );
  const bytes = new Uint8Array(checks.reduce((sum, { byteLength }) => sum + byteLength, text.byteLength));
  bytes.set(text);
  let at = text.byteLength;
  for (const each of checks) {
    bytes.set(each, at);
    at += each.byteLength;
  }
  return checksum(bytes);
}

export const sealed = (entry: EntryRecord): EntryRecord => ({ ...entry, seal: sealOf(entry) });

/** `entry`: whose other fields are what they should be. */
export const isSealed = (entry: StoredEntry): boolean => entry.seal === sealOf(entry);
