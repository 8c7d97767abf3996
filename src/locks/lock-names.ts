/** The name of every lock, in one place. */

const prefix = (memory: string): string => `keepsake/${memory}`;

/** Held while a call is computed and stored. */
export const callLock = (memory: string, key: string): string => `${prefix(memory)}/call/${key}`;

/** Held from before a file is created until the transaction that points at it is complete. */
export const fileLock = (file: string): string => `keepsake-pending:${file}`;

/** Held while orphans are swept. */
export const sweepLock = (memory: string): string => `${prefix(memory)}/sweep`;

/** Held while arrays of an entry are open for writing: one writer at a time. */
export const writerLock = (memory: string, key: string): string => `${prefix(memory)}/writer/${key}`;

/** What the names of all pin locks of a memory, or of one entry, begin with. */
export const pinLocks = (memory: string, key = ''): string =>
  `${prefix(memory)}/pin/${key === '' ? '' : `${key}/`}`;

/** Held by a realm while it has arrays of an entry open: such an entry is not evicted. Each realm has one of its own. */
export const pinLock = (memory: string, key: string, realm: string): string =>
  `${pinLocks(memory, key)}${realm}`;

/** The keys in names of pin locks. */
export const pinnedKeys = (memory: string, names: Iterable<string>): Set<string> =>
  new Set([...names].map((name) => name.slice(pinLocks(memory).length).split('/')[0] ?? ''));
