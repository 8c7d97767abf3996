/** Stored results as mapped arrays: opened, read by slice, written to. The room's door. */
import { Chunk } from '../chunks/chunks.ts';
import type { MmapMode } from '../options/options.ts';
import type { Codec } from '../values/values.ts';

export { decodeMapped } from './decode-mapped.ts';
export { memoryPieces, type Shelf } from './mapped-pieces.ts';
export { assertOpen } from './open-entry.ts';
export { openMapped } from './open-mapped.ts';

const plain = new Chunk(() => import('./map-value.ts'));

/** A plain value, mapped over the memory that it has. */
export async function mapValue(
  value: unknown,
  mode: MmapMode,
  codecs: readonly Codec[] | undefined,
): Promise<unknown> {
  return (await plain.load()).mapValue(value, mode, codecs);
}
