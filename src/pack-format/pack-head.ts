/**
 * The beginning of a pack: 64 bytes of head, then the index as JSON, padded with spaces. The entries' bodies follow in
 * the index's order without gaps, so that none can overlap and no offset can be wrong.
 */

import { type PackedEntry, packedEntry } from './pack-body.ts';
import {
  type EntryRow,
  type FunctionRow,
  fail,
  functionRowOf,
  isCount,
  type PortableEntry,
  parseFunctionRow,
  parseJson,
  parseRow,
  rowOf,
  type Sha256,
} from './portable-entry.ts';

/** Format of packs; one with another number is not read. */
export const PACK_FORMAT = 1;
export const HEAD_BYTES = 64;
/** One request for so much mostly has the index of a pack, and the first entries. */
export const FIRST_BYTES = 2 ** 16;

const MAGIC = Uint8Array.from([0x89, 0x4b, 0x53, 0x50, 0x41, 0x43, 0x4b, 0x0a]); // "\x89KSPACK\n"
const MOST_INDEX_BYTES = 2 ** 28;
const MOST_HEADER_BYTES = 2 ** 24;

/** An entry to be packed, and how long the header of its body is. */
export interface EntryToPack {
  readonly entry: PortableEntry;
  readonly headerBytes: number;
}

export interface PackHead {
  readonly recordFormat: number;
  readonly indexBytes: number;
  readonly digest: Uint8Array<ArrayBuffer>;
}

type IndexRow = readonly [fn: number, headerBytes: number, ...entry: EntryRow];

interface IndexJson {
  readonly functions: readonly FunctionRow[];
  readonly entries: readonly IndexRow[];
}

/** Head and index, ready to be written. */
export async function packStart(
  entries: readonly EntryToPack[],
  recordFormat: number,
  sha256: Sha256,
): Promise<Uint8Array<ArrayBuffer>> {
  const places = new Map<string, number>();
  const functions: FunctionRow[] = [];
  const rows = entries.map(({ entry, headerBytes }): IndexRow => {
    const row = functionRowOf(entry);
    const name = JSON.stringify(row);
    const place = places.get(name) ?? functions.push(row) - 1;
    places.set(name, place);
    return [place, headerBytes, ...rowOf(entry)];
  });
  const json: IndexJson = { functions, entries: rows };
  const text = new TextEncoder().encode(JSON.stringify(json));
  const index = new Uint8Array(Math.ceil(text.length / HEAD_BYTES) * HEAD_BYTES).fill(0x20);
  index.set(text);
  const start = new Uint8Array(HEAD_BYTES + index.length);
  const view = new DataView(start.buffer);
  start.set(MAGIC);
  view.setUint32(8, PACK_FORMAT, true);
  view.setUint32(12, recordFormat, true);
  view.setBigUint64(16, BigInt(index.length), true);
  start.set(await sha256(index), 24);
  start.set(index, HEAD_BYTES);
  return start;
}

/** @param bytes At least HEAD_BYTES. @throws PackFormatError */
export function parseHead(bytes: Uint8Array, recordFormat: number): PackHead {
  if (bytes.length < HEAD_BYTES) fail('it is shorter than a pack');
  if (!MAGIC.every((byte, at) => bytes[at] === byte)) fail('it is no pack');
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES);
  const format = view.getUint32(8, true);
  if (format !== PACK_FORMAT) fail(`it has format ${format}, and this version reads ${PACK_FORMAT}`);
  const found = view.getUint32(12, true);
  if (found !== recordFormat)
    fail(`its entries have format ${found}, and this version reads ${recordFormat}`);
  const indexBytes = Number(view.getBigUint64(16, true));
  if (!isCount(indexBytes, MOST_INDEX_BYTES)) fail('its index is too long');
  return { recordFormat: found, indexBytes, digest: new Uint8Array(bytes.slice(24, 56)) };
}

/** The entries of a pack with the places of their bodies. @throws PackFormatError */
export async function parseIndex(
  { indexBytes, digest }: PackHead,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: Sha256,
): Promise<PackedEntry[]> {
  if (bytes.length !== indexBytes) fail('its index is cut off');
  const found = await sha256(bytes);
  if (!found.every((byte, at) => byte === digest[at])) fail('its index is damaged');
  const json = parseJson(new TextDecoder().decode(bytes)) as Partial<IndexJson> | null; // checked below
  if (!Array.isArray(json?.functions) || !Array.isArray(json.entries)) fail('its index has no entries');
  const functions = json.functions.map(parseFunctionRow);
  const keys = new Set<string>();
  let offset = HEAD_BYTES + indexBytes;
  return json.entries.map((row: unknown) => {
    if (!Array.isArray(row)) fail('an entry is no list');
    const [place, headerBytes, ...rest] = row as unknown[]; // checked below
    const fn = isCount(place) ? functions[place] : undefined;
    if (!fn) fail('an entry has no function');
    if (!isCount(headerBytes, MOST_HEADER_BYTES)) fail('an entry has no header');
    const packed = packedEntry(parseRow(rest, fn), headerBytes, offset);
    if (keys.has(packed.entry.key)) fail('an entry is there twice');
    keys.add(packed.entry.key);
    offset += packed.byteLength;
    if (!isCount(offset)) fail('it is too long');
    return packed;
  });
}
