/** What is told of a stored entry. */
import type { DetailRecord, EntryTier } from '../catalog/catalog.ts';

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
  /** Digest of the code identity: what one version of the function made shares it. */
  readonly functionKey?: string;
  /**
   * How the code was identified: 'plugin:' and the fingerprint, 'version' or 'source'. This and what follows is not known
   * of results that are not stored, nor of entries that older versions of the library wrote.
   */
  readonly identity?: string;
  /** The function's option of that name, as text. */
  readonly version?: string;
  /** A type of JavaScript ('number', 'string', 'null'), else the name of the result's class: 'Float32Array', 'Map', 'Object'. */
  readonly resultKind?: string;
  /** Of numbers in a row: by numpy's name, 'float32'. */
  readonly dtype?: string;
  /** Elements in each dimension, the last one varying fastest; of an array, its length. */
  readonly shape?: readonly number[];
  /** Where the bytes are: in the database, in a file shared with other small results, in one of its own, in this page alone. */
  readonly tier?: EntryTier;
  /** When it is older than the maxAgeMs that its function had when it was stored; milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** How old something is; older than anything where the clock says that it is still to come. */
export const ageOf = (createdAt: number, now: number): number =>
  createdAt <= now ? now - createdAt : Number.POSITIVE_INFINITY;

export function infoOf({ digests, result, ...detail }: DetailRecord, now: number): EntryInfo {
  const { kind: resultKind, ...kind } = result ?? {};
  return {
    ...detail,
    ...(resultKind !== undefined && { resultKind, ...kind }),
    ageMs: ageOf(detail.createdAt, now),
  };
}

/** What is told of a result that is not stored. */
export function unstoredInfo(
  known: Pick<EntryInfo, 'key' | 'functionId' | 'computeMs' | 'argumentsPreview'>,
): EntryInfo {
  const now = Date.now();
  return {
    ...known,
    createdAt: now,
    lastUsedAt: now,
    storeMs: 0,
    sizeBytes: 0,
    hits: 0,
    savedMs: 0,
    tags: [],
    ageMs: 0,
  };
}
