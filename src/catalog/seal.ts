/**
 * A checksum over what a record says of its value: under which key, where the bytes are and what they come to. Bytes
 * have checksums of their own; this one tells when they are whole and belong to another entry, or in another order.
 */
import { type Checksum, createChecksum } from '../digest/digest.ts';
import { type EntryRecord, extentsOf, type StoredBytes, type StoredEntry } from './schema.ts';

let checksum: Checksum | undefined;

/** Compiled once for the realm; before that nothing can be sealed, or believed. Undefined where it is. */
export const sealsReady = (): Promise<void> | undefined => (checksum ? undefined : compile());

async function compile(): Promise<void> {
  checksum = await createChecksum();
}

const encoder = new TextEncoder();
/** What is digested, from one seal to the next: every hit makes one. */
let scratch = new Uint8Array(4096);

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
  const text = JSON.stringify(said);
  const atMost = all.reduce((sum, { checks }) => sum + checks.byteLength, text.length * 3);
  if (scratch.byteLength < atMost) scratch = new Uint8Array(atMost);
  let { written: end } = encoder.encodeInto(text, scratch);
  for (const { checks } of all) {
    scratch.set(new Uint8Array(checks.buffer, checks.byteOffset, checks.byteLength), end);
    end += checks.byteLength;
  }
  return checksum(scratch.subarray(0, end));
}

export const sealed = (entry: EntryRecord): EntryRecord => ({ ...entry, seal: sealOf(entry) });

/** `entry`: whose other fields are what they should be. */
export const isSealed = (entry: StoredEntry): boolean => entry.seal === sealOf(entry);
