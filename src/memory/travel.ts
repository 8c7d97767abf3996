/** Results that leave a memory, and come into it. What few pages need comes when it is asked for. */
import { Chunk } from '../chunks/chunks.ts';
import { StorageUnavailableError } from '../errors/errors.ts';
import type { ResolvedMemoryOptions } from '../options/options.ts';
import type { ExportQuery, ImportOptions, ImportReport, PackOrigin } from '../packs/packs.ts';
import type { Elsewhere } from '../portable/portable.ts';
import type { Store, StoreContext } from '../store/store.ts';

const packs = new Chunk(() => import('../packs/packs.ts'));
const others = new Chunk(() => import('../elsewhere/elsewhere.ts'));

/** @param opening The store, once all that was computed is in it. */
export function exportFrom(
  opening: Promise<Store | undefined>,
  query: ExportQuery,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const write = async (): Promise<void> => {
    const store = await opening;
    if (!store) throw new StorageUnavailableError(['this memory stores nothing']);
    const { writePack } = await packs.load();
    await writePack(store, query).pipeTo(writable);
  };
  void write().catch((error: unknown) => writable.abort(error).catch(() => undefined)); // who reads hears of it
  return readable;
}

export async function importInto(
  context: StoreContext,
  source: PackOrigin,
  options: ImportOptions,
): Promise<ImportReport> {
  const { importPack, sourceOf } = await packs.load();
  return importPack(context, sourceOf(source, options.signal), options);
}

/** Packs and a shared tier, where the memory has any: what serves them comes with the first call that misses. */
export function elsewhereOf(
  { packs, remote }: ResolvedMemoryOptions,
  context: () => StoreContext,
): Elsewhere | undefined {
  if (packs.length === 0 && !remote) return undefined;
  let opened: Elsewhere | undefined;
  let opening: Promise<Elsewhere | undefined> | undefined;
  const open = (): Promise<Elsewhere | undefined> => {
    opening ??= others.load().then(
      ({ openElsewhere }) => {
        opened = openElsewhere(context());
        return opened;
      },
      () => {
        opening = undefined; // the page is offline, or was deployed anew: calls compute, and the next one tries again
        return undefined;
      },
    );
    return opening;
  };
  return {
    find: async (call) => (await open())?.find(call),
    stored: (call) => void open().then((elsewhere) => elsewhere?.stored(call)),
    noteHit: (source) => opened?.noteHit(source),
    totals: () => opened?.totals() ?? { packHits: 0, remoteHits: 0, fetchedBytes: 0, sentBytes: 0 },
  };
}
