/** The name of every lock, in one place. */

const prefix = (memory: string): string => `keepsake/${memory}`;

/** Held while a call is computed and stored. Calls of one key that differ in what the key leaves out have locks of their own. */
export const callLock = (memory: string, key: string, variant: string): string =>
  `${prefix(memory)}/call/${key}${variant && `/${variant}`}`;

/** Held while an entry that was made at that time is renewed in the background. */
export const renewalLock = (memory: string, key: string, createdAt: number): string =>
  `${prefix(memory)}/renewal/${key}/${createdAt}`;

/** Held from before a file is created until the transaction that points at it is complete. */
export const fileLock = (file: string): string => `keepsake-pending:${file}`;

/** Held while orphans are swept. */
export const sweepLock = (memory: string): string => `${prefix(memory)}/sweep`;

/** Held while arrays of an entry are open for writing: one writer at a time. */
export const writerLock = (memory: string, key: string): string => `${prefix(memory)}/writer/${key}`;

/** Held, with the writer's lock, for the moment in which compaction moves an entry: who wants to write waits for it. */
export const moveLock = (memory: string, key: string): string => `${prefix(memory)}/move/${key}`;

/** Held while entries are evicted, so that two realms do not evict for the same excess. */
export const evictLock = (memory: string): string => `${prefix(memory)}/evict`;

/** Held, by any number of realms, while an entry must not be evicted. */
export const pinLock = (memory: string, key: string): string => `${prefix(memory)}/pin/${key}`;

/** Held while a realm has a writer lease. */
export const busyLock = (memory: string, realm: string): string => `${prefix(memory)}/busy/${realm}`;

/** Held while segments are compacted. */
export const compactLock = (memory: string): string => `${prefix(memory)}/compact`;
