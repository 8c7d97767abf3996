/** Entries apart from their store: read piece by piece to be sent, and kept when they come. The room's door. */
export { type EntryToKeep, keepEntry } from './keep-entry.ts';
export { sha256 } from './sha256.ts';
export { detailsOf, findStoredEntry, portableOf, StoredEntry } from './stored-entry.ts';
