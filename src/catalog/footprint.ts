/** What an entry takes, as far as its record can be believed: even a damaged one leaves no bytes behind. */
import type { EntryRecord, FileRecord } from './schema.ts';
import { hasTail } from './tails.ts';
import { fileOf, isEntryRecord } from './validate.ts';

/** What an entry has in a file. */
export interface FileUse {
  readonly liveBytes: number;
  /** Where the last of its bytes end. */
  readonly end: number;
}

export interface Footprint {
  readonly functionKey: string;
  readonly sizeBytes: number;
  /** What the entry has in each stored file that it points at. */
  readonly files: ReadonlyMap<string, FileUse>;
  /** Some of its bytes are in a second record. */
  readonly hasTail: boolean;
  /** Its records do not agree: it may have taken more, or less. */
  readonly isDoubtful: boolean;
}

/** What is known of an entry beside its record. */
type Beside = { readonly functionKey: string; readonly sizeBytes: number } | undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** What the record points at in each stored file. */
export function filesOf(record: unknown): Map<string, FileUse> {
  const uses = new Map<string, FileUse>();
  if (!isObject(record)) return uses;
  const { skeleton, buffers } = record;
  for (const stored of [skeleton, ...(Array.isArray(buffers) ? buffers : [])]) {
    if (!isObject(stored)) continue;
    for (const run of [stored.place, ...(Array.isArray(stored.more) ? stored.more : [])]) addRun(uses, run);
  }
  return uses;
}

function addRun(uses: Map<string, FileUse>, run: unknown): void {
  if (!isObject(run)) return;
  const { file, offset, byteLength } = run;
  if (typeof file !== 'string' || !Number.isSafeInteger(byteLength) || !Number.isSafeInteger(offset)) return;
  const { liveBytes, end } = uses.get(file) ?? { liveBytes: 0, end: 0 };
  uses.set(file, {
    liveBytes: liveBytes + Number(byteLength),
    end: Math.max(end, Number(offset) + Number(byteLength)),
  });
}

/** A file of which nothing was live waits for removal, and never comes back. Nothing is added to one whose row is damaged. */
export const isDoomed = (row: FileRecord | undefined): boolean =>
  row !== undefined && (fileOf(row) === undefined || row.liveBytes === 0);

/** The file's row with an entry more in it. */
export const withUse = (
  file: string,
  row: FileRecord | undefined,
  { liveBytes, end }: FileUse,
): FileRecord => ({
  file,
  byteLength: Math.max(row?.byteLength ?? 0, end),
  liveBytes: (row?.liveBytes ?? 0) + liveBytes,
});

export function footprintOf(record: unknown, key: string, beside: Beside): Footprint {
  const files = filesOf(record);
  if (isEntryRecord(record, key) === 'valid') {
    const { functionKey, sizeBytes } = record as EntryRecord; // checked field by field by isEntryRecord
    const isDoubtful = beside?.functionKey !== functionKey;
    return { functionKey, sizeBytes, files, hasTail: hasTail(record), isDoubtful };
  }
  return {
    functionKey: beside?.functionKey ?? '',
    sizeBytes: beside?.sizeBytes ?? 0,
    files,
    hasTail: true, // who knows
    isDoubtful: true,
  };
}
