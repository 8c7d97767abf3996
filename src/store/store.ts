/** The store of a memory: catalog and blobs in the one right order. Its door. */
export { type LoadedBytes, type StorageStatus, Store, type StoreListeners } from './entry-store.ts';
export { fileNameOf, rootFolder } from './file-names.ts';
export { maxBytesOnce } from './max-bytes.ts';
export { forgetIn, type KeptValue, MemoryTier } from './memory-tier.ts';
export { type Booked, persist, persistPacked, type Stored } from './persist.ts';
export { isStorageFull, storageFull, storeOrMakeRoom } from './quota.ts';
export type { Removed, StoreContext } from './store-context.ts';
export { asIs, inline, type Packed, rangesOf, unpack } from './stored-bytes.ts';
export { writeTensors } from './write-tensors.ts';
