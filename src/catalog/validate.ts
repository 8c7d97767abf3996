/** Records read back are checked before they are believed: another tab, version or accident may have written them. */
import {
  type Commit,
  type DetailRecord,
  type Epochs,
  type FileRecord,
  type FunctionRecord,
  RECORD_FORMAT,
  type StateRecord,
  type StoredEntry,
  type UnbookedRecord,
} from './schema.ts';
import { isSealed } from './seal.ts';

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

// Any object has readable fields, whatever they hold.
const fieldsOf = (value: object): Record<string, unknown> => value as Record<string, unknown>;

/** Without holes, which every() passes over; a long list of nothing is not walked. */
const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && Object.keys(value).length === value.length && value.every(isItem);

function isPlace(value: unknown): boolean {
  if (value instanceof ArrayBuffer) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { file, offset, byteLength } = fieldsOf(value);
  return typeof file === 'string' && isCount(offset) && isCount(byteLength);
}

function isStoredBytes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { place, more = [], checks, compression, rawByteLength } = fieldsOf(value);
  const isKnown = compression === '' || compression === 'gzip' || compression === 'deflate';
  const isRun = (run: unknown): boolean => isPlace(run) && !(run instanceof ArrayBuffer);
  if (!isListOf(more, isRun)) return false;
  return isPlace(place) && checks instanceof BigUint64Array && isKnown && isCount(rawByteLength);
}

/** Bytes of each piece that are in a tail. */
function areCuts(cuts: unknown, skeleton: unknown, buffers: readonly unknown[]): boolean {
  if (cuts === undefined) return true;
  if (!isListOf(cuts, isCount)) return false;
  const lengths = cuts as readonly number[]; // as was checked
  const isCut = (stored: unknown, at: number): boolean =>
    lengths[at] === 0 || fieldsOf(Object(stored)).place instanceof ArrayBuffer;
  return lengths.length === buffers.length + 1 && [skeleton, ...buffers].every(isCut);
}

/** 'valid', or why the record under `key` is not to be believed. */
export function isEntryRecord(record: unknown, key: string): 'valid' | 'format' | 'damaged' {
  if (typeof record !== 'object' || record === null) return 'damaged';
  const entry = fieldsOf(record);
  if (entry.format !== RECORD_FORMAT) return isCount(entry.format) ? 'format' : 'damaged';
  const isWhole =
    entry.key === key &&
    typeof entry.functionKey === 'string' &&
    isCount(entry.revision) &&
    isStoredBytes(entry.skeleton) &&
    isListOf(entry.buffers, isStoredBytes) &&
    areCuts(entry.cuts, entry.skeleton, entry.buffers as readonly unknown[]) &&
    typeof entry.createdAt === 'number' &&
    typeof entry.computeMs === 'number' &&
    isCount(entry.sizeBytes) &&
    isSealed(record as StoredEntry); // its other fields were checked before
  return isWhole ? 'valid' : 'damaged';
}

/** An entry that is not in the books yet, as it would have been committed, if all of it is what it should be. */
export function birthOf(record: UnbookedRecord): Commit | undefined {
  const { unbookedAt, birth, ...entry } = record;
  const { detail, identity, epochs } = fieldsOf(Object(birth));
  const known = detailOf(detail);
  const counts = whole<Epochs>(epochs, { memory: isCount, function: isCount });
  const isWhole =
    isEntryRecord(entry, entry.key) === 'valid' &&
    isNumber(unbookedAt) &&
    known?.key === entry.key &&
    known.functionKey === entry.functionKey;
  return isWhole && counts && typeof identity === 'string'
    ? { entry, detail: known, identity, epochs: counts }
    : undefined;
}

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

const isText = (value: unknown): boolean => typeof value === 'string';

const isMissingOr =
  (isRight: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || isRight(value);

const isSummary = (value: unknown): boolean =>
  whole(value, {
    kind: isText,
    dtype: isMissingOr(isText),
    shape: isMissingOr((shape) => isListOf(shape, isCount)),
  }) !== undefined;

/** The record, if each of its fields is what it should be. */
function whole<T>(
  record: unknown,
  fields: Readonly<Record<string, (value: unknown) => boolean>>,
): T | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const found = fieldsOf(record);
  const isWhole = Object.entries(fields).every(([name, isRight]) => isRight(found[name]));
  return isWhole ? (record as T) : undefined; // checked field by field
}

export const stateOf = (record: unknown): StateRecord | undefined =>
  whole(record, { epoch: isCount, entries: isCount, bytes: isCount });

export const fileOf = (record: unknown): FileRecord | undefined =>
  whole(record, { file: isText, byteLength: isCount, liveBytes: isCount });

export const functionOf = (record: unknown): FunctionRecord | undefined =>
  whole(record, {
    functionKey: isText,
    functionId: isText,
    identity: isText,
    epoch: isCount,
    entries: isCount,
    bytes: isCount,
    createdAt: isNumber,
    lastUsedAt: isNumber,
    hits: isNumber,
    computeMs: isNumber,
    savedMs: isNumber,
    misses: (value) => typeof value === 'object' && value !== null,
  });

export const detailOf = (record: unknown): DetailRecord | undefined =>
  whole(record, {
    key: isText,
    functionKey: isText,
    functionId: isText,
    argumentsPreview: isText,
    createdAt: isNumber,
    computeMs: isNumber,
    storeMs: isNumber,
    sizeBytes: isCount,
    lastUsedAt: isNumber,
    hits: isNumber,
    savedMs: isNumber,
    tags: Array.isArray,
    result: isMissingOr(isSummary),
    identity: isMissingOr(isText),
    version: isMissingOr(isText),
    tier: isMissingOr(isText),
    expiresAt: isMissingOr(isNumber),
  });
