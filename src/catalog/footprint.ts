/** What an entry takes, as far as its record can be believed: even a damaged one leaves no bytes behind. */
import type { EntryRecord } from './schema.ts';
import { isEntryRecord } from './validate.ts';

export interface Footprint {
  readonly functionKey: string;
  readonly sizeBytes: number;
  /** Bytes of each stored file that the entry points at. */
  readonly files: ReadonlyMap<string, number>;
}

/** What is known of an entry beside its record. */
type Beside = { readonly functionKey: string; readonly sizeBytes: number } | undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Bytes of each stored file that the record points at. */
export function filesOf(record: unknown): Map<string, number> {
  const bytes = new Map<string, number>();
  if (!isObject(record)) return bytes;
  const { skeleton, buffers } = record;
  for (const stored of [skeleton, ...(Array.isArray(buffers) ? buffers : [])]) {
    if (!isObject(stored)) continue;
    for (const run of [stored.place, ...(Array.isArray(stored.more) ? stored.more : [])]) {
      if (!isObject(run)) continue;
      const { file, byteLength } = run;
      if (typeof file !== 'string' || !Number.isSafeInteger(byteLength)) continue;
      bytes.set(file, (bytes.get(file) ?? 0) + Number(byteLength));
    }
  }
  return bytes;
}

export function footprintOf(record: unknown, key: string, beside: Beside): Footprint {
  const files = filesOf(record);
  if (isEntryRecord(record, key) === 'valid') {
    const { functionKey, sizeBytes } = record as EntryRecord; // checked field by field by isEntryRecord
    return { functionKey, sizeBytes, files };
  }
  return { functionKey: beside?.functionKey ?? '', sizeBytes: beside?.sizeBytes ?? 0, files };
}
