/** The part that writes what is not plain data, fetched with the first value of such a kind. */
import { Chunk } from '../chunks/chunks.ts';

export const rareKinds = new Chunk(() => import('./rare-kinds.ts'));

/** Hashing any kind is synchronous from then on, Blobs and codecs that take their time apart. @throws ChunkError */
export const loadRareKinds = (): Promise<unknown> => rareKinds.load();
