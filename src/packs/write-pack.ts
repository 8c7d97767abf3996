/** Writes entries of a store as a pack: its index first, so that who has its start knows all that is in it. */
import { type DetailRecord, RECORD_FORMAT } from '../catalog/catalog.ts';
import { safetensorsHeader, streamOf, type TensorInfo } from '../codec/codec.ts';
import {
  DIGEST_BLOCK_BYTES,
  digestBytesOf,
  type EntryToPack,
  identityKind,
  type PackedEntry,
  type PortableEntry,
  packedEntry,
  packStart,
  sealOf,
} from '../pack-format/pack-format.ts';
import { detailsOf, findStoredEntry, portableOf, StoredEntry, sha256 } from '../portable/portable.ts';
import type { Store } from '../store/store.ts';

/** Which entries are exported; without any, all whose code identity means the same code on every machine. */
export interface ExportQuery {
  readonly functionId?: string;
  readonly tag?: string;
  /** Only entries that were computed so long ago, or longer. */
  readonly olderThanMs?: number;
  /**
   * 'whole', the default: entries of functions that the build plugin knows, or that have a version. 'any': those too that
   * are known by their source alone, so that a helper may have changed unseen where they are imported.
   */
  readonly identity?: 'whole' | 'any';
}

const PAGE = 100;

/** Details of the entries that are asked for, oldest first. */
async function* selected(store: Store, query: ExportQuery): AsyncGenerator<DetailRecord> {
  const { functionId, tag, olderThanMs = 0 } = query;
  const where = { ...(functionId !== undefined && { functionId }), ...(tag !== undefined && { tag }) };
  const until = Date.now() - olderThanMs;
  let after: DetailRecord | undefined;
  for (;;) {
    const request = { ...where, order: 'createdAt', direction: 'ascending', limit: PAGE, after } as const;
    const page = await store.catalog.details(request);
    for (const detail of page) if (olderThanMs === 0 || detail.createdAt <= until) yield detail;
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}

/** An entry of the store as it goes into a pack. */
interface Packing extends EntryToPack {
  readonly header: Uint8Array;
  readonly stored: StoredEntry;
}

function headerOf(entry: PortableEntry, detail: DetailRecord): Uint8Array {
  // All are bytes, so they stay in order.
  const bytes = (name: string, elementCount: number): TensorInfo => ({ name, dtype: 'U8', elementCount });
  const [skeleton, ...buffers] = entry.parts.map(({ byteLength }) => byteLength);
  const tensors = [
    bytes('keepsake.skeleton', skeleton ?? 0),
    bytes('keepsake.digests', digestBytesOf(entry)),
    ...buffers.map((byteLength, index) => bytes(`buffer ${index + 1}`, byteLength)),
  ];
  const details = JSON.stringify(detailsOf(detail));
  return safetensorsHeader(tensors, { key: entry.key, details }).header;
}

async function packing(store: Store, detail: DetailRecord, identity: string): Promise<Packing> {
  const record = await findStoredEntry(store, detail.key);
  const entry = portableOf(record, detail, identity);
  const header = headerOf(entry, detail);
  return { entry, header, headerBytes: header.length, stored: new StoredEntry(store, record) };
}

/** What is known beforehand of all entries: their sizes. Bytes are read later, one entry at a time. */
async function plan(store: Store, query: ExportQuery): Promise<EntryToPack[]> {
  const rows = await store.catalog.functions();
  const identities = new Map(rows.map(({ functionKey, identity }) => [functionKey, identity]));
  const entries = new Map<string, EntryToPack>();
  for await (const detail of selected(store, query)) {
    const identity = identities.get(detail.functionKey) ?? 'source';
    if (query.identity !== 'any' && identityKind(identity) === 'source') continue;
    const packed = await packing(store, detail, identity).catch(() => undefined); // gone since, or damaged
    if (packed) entries.set(detail.key, { entry: packed.entry, headerBytes: packed.headerBytes });
  }
  return [...entries.values()];
}

/** The same entry as when it was planned; undefined where it is gone, or is another one now. */
async function again(store: Store, { entry, headerBytes }: EntryToPack): Promise<Packing | undefined> {
  const detail = await store.catalog.detail(entry.key);
  const found = detail && (await packing(store, detail, entry.identity).catch(() => undefined));
  const isSame = found?.headerBytes === headerBytes && JSON.stringify(found.entry) === JSON.stringify(entry);
  return isSame ? found : undefined;
}

async function* bodyOf(packed: PackedEntry, { header, stored }: Packing): AsyncGenerator<Uint8Array> {
  const digests = await stored.digests();
  const seal = await sealOf(packed, header, digests, sha256);
  yield header;
  for (const part of packed.entry.parts.keys()) {
    yield* stored.pieces(part);
    if (part > 0) continue;
    yield seal;
    yield digests;
  }
}

/** In place of an entry that went meanwhile: its place is in the index. Its seal says so. */
async function* zeros(byteLength: number): AsyncGenerator<Uint8Array> {
  for (let left = byteLength; left > 0; left -= DIGEST_BLOCK_BYTES)
    yield new Uint8Array(Math.min(left, DIGEST_BLOCK_BYTES));
}

/** One entry, in as many bytes as the index says, whatever becomes of it meanwhile. */
async function* body(store: Store, toPack: EntryToPack): AsyncGenerator<Uint8Array> {
  const packed = packedEntry(toPack.entry, toPack.headerBytes, 0);
  let left = packed.byteLength;
  const found = await again(store, toPack).catch(() => undefined); // as good as gone
  const unpin = await found?.stored.pin();
  try {
    for await (const piece of found ? bodyOf(packed, found) : []) {
      left -= piece.length;
      yield piece;
    }
  } catch {
    // It went while it was read, or its bytes are damaged: what is packed of it does not match its digests.
  } finally {
    unpin?.();
  }
  yield* zeros(left);
}

async function* packOf(store: Store, query: ExportQuery): AsyncGenerator<Uint8Array, undefined> {
  const entries = await plan(store, query);
  yield await packStart(entries, RECORD_FORMAT, sha256);
  for (const entry of entries) yield* body(store, entry);
  return undefined;
}

/** Read as it is asked for: a page holds a few MiB of it. */
export const writePack = (store: Store, query: ExportQuery): ReadableStream<Uint8Array> =>
  streamOf(packOf(store, query), 'bytes');
