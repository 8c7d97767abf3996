/** Records read back are checked before they are believed: another tab, version or accident may have written them. */
import { RECORD_FORMAT } from './schema.ts';

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

// Any object has readable fields, whatever they hold.
const fieldsOf = (value: object): Record<string, unknown> => value as Record<string, unknown>;

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
  if (!Array.isArray(more) || !more.every((run) => isPlace(run) && !(run instanceof ArrayBuffer)))
    return false;
  return isPlace(place) && checks instanceof BigUint64Array && isKnown && isCount(rawByteLength);
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
    Array.isArray(entry.buffers) &&
    entry.buffers.every(isStoredBytes) &&
    typeof entry.createdAt === 'number' &&
    typeof entry.computeMs === 'number' &&
    isCount(entry.sizeBytes);
  return isWhole ? 'valid' : 'damaged';
}
