/** Entries apart from their store: read piece by piece to be sent, offered and kept when they come. The room's door. */
export type { Elsewhere, ElsewhereTotals, SoughtCall } from './elsewhere.ts';
export { type EntryToKeep, keepEntry } from './keep-entry.ts';
export { Offer, type OfferContext } from './offer.ts';
export type { Offered } from './offered.ts';
export { sha256 } from './sha256.ts';
export { detailsOf, findStoredEntry, portableOf, StoredEntry } from './stored-entry.ts';
export { within } from './within.ts';
