/** Entries as a catalog is given them, of one function, with nothing in them. */
import { type Commit, RECORD_FORMAT, type StoredBytes } from '../catalog/catalog.ts';

export const FUNCTION_KEY = 'f'.repeat(32);

export interface CommitParts {
  /** Epoch of the memory. */
  readonly memory?: number;
  /** The file that all its bytes are in. */
  readonly file?: string;
  readonly sizeBytes?: number;
  readonly createdAt?: number;
  readonly tags?: readonly string[];
}

const stored = (place: StoredBytes['place']): StoredBytes => ({
  place,
  checks: new BigUint64Array(1),
  compression: '',
  rawByteLength: place.byteLength,
});

export function commitOf(
  key: string,
  { memory = 0, file, sizeBytes = 100, createdAt = Date.now(), tags = [] }: CommitParts = {},
): Commit {
  const common = { key, functionKey: FUNCTION_KEY, createdAt, computeMs: 5, sizeBytes };
  const buffers = file === undefined ? [] : [stored({ file, offset: 0, byteLength: sizeBytes })];
  return {
    entry: { ...common, format: RECORD_FORMAT, revision: 0, skeleton: stored(new ArrayBuffer(10)), buffers },
    detail: {
      ...common,
      ...{ functionId: 'f', argumentsPreview: '()', storeMs: 0, lastUsedAt: createdAt },
      ...{ hits: 0, savedMs: 0, tags, digests: {} },
    },
    identity: 'source',
    epochs: { memory, function: 0 },
  };
}
