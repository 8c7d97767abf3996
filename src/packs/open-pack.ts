/** The index of a pack, read and checked. */
import { RECORD_FORMAT } from '../catalog/catalog.ts';
import { parseSafetensorsHeader } from '../codec/codec.ts';
import {
  type BodyHead,
  type EntryDetails,
  HEAD_BYTES,
  headBytesOf,
  openBody,
  type PackedEntry,
  parseDetails,
  parseHead,
  parseIndex,
  parseJson,
} from '../pack-format/pack-format.ts';
import { sha256 } from '../portable/portable.ts';
import type { PackSource } from './pack-source.ts';

/** @throws PackFormatError, or rejects with what the source raises */
export async function openPack(source: PackSource): Promise<readonly PackedEntry[]> {
  const head = parseHead(await source.read(0, HEAD_BYTES), RECORD_FORMAT);
  return parseIndex(head, await source.read(HEAD_BYTES, head.indexBytes), sha256);
}

/** The start of an entry's body, verified; undefined for an entry that went while the pack was written. */
export async function readHead(source: PackSource, packed: PackedEntry): Promise<BodyHead | undefined> {
  return openBody(packed, await source.read(packed.offset, headBytesOf(packed)), sha256);
}

/** Names of the tensors are for other readers: what is where, the index says. */
export function detailsOf({ header }: BodyHead): EntryDetails {
  const { details = '' } = parseSafetensorsHeader(header).metadata;
  return parseDetails(parseJson(details));
}
