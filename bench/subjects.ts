/** Who is measured: keepsake, its peers, and what the platform itself gives. */

export const peerNames = [
  'idb-keyval',
  'localforage',
  'dexie',
  'cache-api',
  'opfs-file',
  'sqlite-sahpool',
] as const;

/** Ways to the same bytes that know nothing of calls or arguments. */
export const rawNames = ['raw-indexeddb', 'raw-handle-fresh', 'raw-handle-warm', 'raw-file-slice'] as const;

export type PeerName = (typeof peerNames)[number];
export type RawName = (typeof rawNames)[number];
export type SubjectName = 'keepsake' | PeerName | RawName;

/** Subjects that read through sync access handles, which only a dedicated worker gets. */
export const isInWorkerOnly = (name: SubjectName): boolean =>
  name === 'raw-handle-fresh' || name === 'raw-handle-warm';

export const isPeer = (name: SubjectName): name is PeerName =>
  // includes() takes only members of the list
  (peerNames as readonly string[]).includes(name);
