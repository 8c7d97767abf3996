/** From a plain value to a result with mapped arrays: where it was just computed, and is not stored. */
import { encode } from '../codec/codec.ts';
import { UnserializableResultError } from '../errors/errors.ts';
import type { MmapMode } from '../options/options.ts';
import type { Codec } from '../values/values.ts';
import { decodeMapped } from './decode-mapped.ts';
import { mapLeaves } from './map-leaves.ts';
import { memoryPieces, outOfBand } from './mapped-pieces.ts';

/** A plain value, mapped over the memory that it has. The function's own objects stay as they are. */
export async function mapValue(
  value: unknown,
  mode: MmapMode,
  codecs: readonly Codec[] | undefined,
): Promise<unknown> {
  try {
    const { skeleton, buffers } = await encode(value, { codecs });
    const pieces = await memoryPieces(skeleton, outOfBand(buffers), mode);
    return await decodeMapped(pieces, { mode, codecs, key: '' });
  } catch (error) {
    if (error instanceof UnserializableResultError) return mapLeaves(value, mode);
    throw error;
  }
}
