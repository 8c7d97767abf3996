/** The part that reads what is rare among stored values, fetched with the first of it. */
import { Chunk } from '../chunks/chunks.ts';

export const rareReaders = new Chunk(() => import('./rare-readers.ts'));

/** What decode() returns is no promise from then on, unless a codec takes its time. @throws ChunkError */
export const loadRareReaders = (): Promise<unknown> => rareReaders.load();
