/** Stored results as mapped arrays: opened, read by slice, written to. The room's door. */
export { decodeMapped } from './decode-mapped.ts';
export { memoryPieces, type Shelf } from './mapped-pieces.ts';
export { assertOpen } from './open-entry.ts';
export { mapValue, openMapped } from './open-mapped.ts';
