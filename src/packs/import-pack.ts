/** Keeps the entries of a pack that are not here yet. Nothing of it is believed before its digests are verified. */
import { isMemoryError, PackFormatError } from '../errors/errors.ts';
import {
  areBlocks,
  DIGEST_BLOCK_BYTES,
  DIGEST_BYTES,
  digestsOfPart,
  type PackedEntry,
} from '../pack-format/pack-format.ts';
import { keepEntry, sha256 } from '../portable/portable.ts';
import type { Store, StoreContext } from '../store/store.ts';
import { detailsOf, openPack, readHead } from './open-pack.ts';
import type { PackSource } from './pack-source.ts';

export interface ImportProgress {
  readonly entries: number;
  readonly totalEntries: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ImportOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** What became of the entries of a pack. */
export interface ImportReport {
  /** Kept now. */
  readonly imported: number;
  /** As new or newer here already. */
  readonly present: number;
  /** Not what was packed, or not all there. */
  readonly damaged: number;
  /** Went while the pack was written, so it never had them. */
  readonly missing: number;
  /** A clear() came first, or there is no room. */
  readonly refused: number;
}

type Outcome = keyof ImportReport;

async function verifiedBlob(
  source: PackSource,
  packed: PackedEntry,
  part: number,
  digests: Uint8Array,
): Promise<Blob> {
  const start = packed.offset + (packed.partOffsets[part] ?? 0);
  const blob = await source.blob(start, packed.entry.parts[part]?.byteLength ?? 0);
  for (let at = 0, block = 0; at < blob.size; at += DIGEST_BLOCK_BYTES, block += 1) {
    const bytes = new Uint8Array(await blob.slice(at, at + DIGEST_BLOCK_BYTES).arrayBuffer());
    const digest = digests.subarray(block * DIGEST_BYTES, (block + 1) * DIGEST_BYTES);
    if (!(await areBlocks(bytes, digest, DIGEST_BLOCK_BYTES, sha256)))
      throw new PackFormatError('an entry is not what was packed');
  }
  return blob;
}

async function isHere(store: Store, { key, createdAt }: PackedEntry['entry']): Promise<boolean> {
  const found = await store.find(key);
  return found.kind === 'entry' && found.entry.createdAt >= createdAt;
}

async function importEntry(context: StoreContext, source: PackSource, packed: PackedEntry): Promise<Outcome> {
  const { store } = context;
  const { entry } = packed;
  if (!store) return 'refused';
  if (await isHere(store, entry)) return 'present';
  const epochs = await store.catalog.epochs(entry.functionKey);
  const head = await readHead(source, packed);
  if (!head) return 'missing';
  const details = detailsOf(head);
  const skeletonDigests = digestsOfPart(entry, head.digests, 0);
  if (!(await areBlocks(head.skeleton, skeletonDigests, DIGEST_BLOCK_BYTES, sha256))) return 'damaged';
  const contents: (Uint8Array | Blob)[] = [head.skeleton];
  for (let part = 1; part < entry.parts.length; part += 1)
    contents.push(await verifiedBlob(source, packed, part, digestsOfPart(entry, head.digests, part)));
  return (await keepEntry(context, { entry, details, contents, epochs })) ? 'imported' : 'refused';
}

/** What is wrong with the pack is the entry's fate; what is wrong with where it comes from, or with the store, is the caller's to hear. */
function fateOf(error: unknown): Outcome {
  if (isMemoryError(error) && ['PackFormatError', 'DamagedEntryError'].includes(error.kind)) return 'damaged';
  if (isMemoryError(error) && error.kind === 'StorageFullError') return 'refused';
  throw error;
}

/**
 * Entries are kept one after the other: after an interruption, what was kept is passed over.
 * @throws PackFormatError where it is no pack, or its index is damaged; the reason of the signal; what reading raises
 */
export async function importPack(
  context: StoreContext,
  source: PackSource,
  { signal, onProgress }: ImportOptions,
): Promise<ImportReport> {
  const stop = (): void => void source.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    signal?.throwIfAborted();
    const entries = await openPack(source);
    const report = { imported: 0, present: 0, damaged: 0, missing: 0, refused: 0 };
    const totalBytes = entries.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const progress = { entries: 0, totalEntries: entries.length, bytes: 0, totalBytes };
    for (const packed of entries) {
      signal?.throwIfAborted();
      report[await importEntry(context, source, packed).catch(fateOf)] += 1;
      progress.entries += 1;
      progress.bytes += packed.byteLength;
      onProgress?.({ ...progress });
    }
    signal?.throwIfAborted();
    return report;
  } catch (error) {
    throw signal?.aborted ? signal.reason : error; // closing the source made of it what it is
  } finally {
    signal?.removeEventListener('abort', stop);
    await source.close();
  }
}
