/** Results that leave a memory, and come into it. What few pages need comes when it is asked for. */
import { StorageUnavailableError } from '../errors/errors.ts';
import type { ExportQuery, ImportOptions, ImportReport, PackOrigin } from '../packs/packs.ts';
import type { Store, StoreContext } from '../store/store.ts';

/** @param opening The store, once all that was computed is in it. */
export function exportFrom(
  opening: Promise<Store | undefined>,
  query: ExportQuery,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const write = async (): Promise<void> => {
    const store = await opening;
    if (!store) throw new StorageUnavailableError(['this memory stores nothing']);
    const { writePack } = await import('../packs/packs.ts');
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
  const { importPack, sourceOf } = await import('../packs/packs.ts');
  return importPack(context, sourceOf(source, options.signal), options);
}
