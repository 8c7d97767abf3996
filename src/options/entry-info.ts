/** What is told of a stored entry. */
import type { DetailRecord } from '../catalog/catalog.ts';
import { previewOf } from '../values/values.ts';

export interface EntryInfo {
  /** The call key: lower-case hexadecimal. */
  readonly key: string;
  readonly functionId: string;
  /** Readable and bounded (1 KiB); taken before the call. */
  readonly argumentsPreview: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** How long the function took. */
  readonly computeMs: number;
  readonly storeMs: number;
  /** Stored bytes: skeleton and buffers. */
  readonly sizeBytes: number;
  readonly hits: number;
  readonly savedMs: number;
  readonly tags: readonly string[];
  /** Infinity where the entry comes from the future: the clock was set back since, and its age cannot be told. */
  readonly ageMs: number;
}

/** How old something is; older than anything where the clock says that it is still to come. */
export const ageOf = (createdAt: number, now: number): number =>
  createdAt <= now ? now - createdAt : Number.POSITIVE_INFINITY;

export function infoOf(detail: DetailRecord, now: number): EntryInfo {
  const {
    key,
    functionId,
    argumentsPreview,
    createdAt,
    lastUsedAt,
    computeMs,
    storeMs,
    sizeBytes,
    hits,
    savedMs,
    tags,
  } = detail;
  return {
    key,
    functionId,
    argumentsPreview,
    createdAt,
    lastUsedAt,
    computeMs,
    storeMs,
    sizeBytes,
    hits,
    savedMs,
    tags,
    ageMs: ageOf(createdAt, now),
  };
}

/** What is told of a result that is not stored. */
export function unstoredInfo(
  { key, functionId, computeMs }: Pick<EntryInfo, 'key' | 'functionId' | 'computeMs'>,
  args: readonly unknown[],
): EntryInfo {
  const now = Date.now();
  return {
    key,
    functionId,
    argumentsPreview: previewOf(args),
    createdAt: now,
    lastUsedAt: now,
    computeMs,
    storeMs: 0,
    sizeBytes: 0,
    hits: 0,
    savedMs: 0,
    tags: [],
    ageMs: 0,
  };
}
