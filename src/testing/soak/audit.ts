/** Whether what a memory has on disk agrees with itself, once a sweep has been there. */
import { resolveMemoryOptions } from '../../options/options.ts';
import { Store } from '../../store/entry-store.ts';
import { sweep } from '../../upkeep/sweep.ts';
import { portWorker } from '../blob-stores/port-worker.ts';
import { takeRecords } from '../mutations/snapshots.ts';
import { type AnyRecord, listFiles } from '../mutations/tampering.ts';

async function sweepNow(name: string): Promise<void> {
  const nobody = { receive: () => undefined, onStatus: () => undefined, onOpened: () => undefined };
  const store = new Store(resolveMemoryOptions({ name, workerFactory: portWorker }), nobody);
  await store.open();
  // Another one may be at it.
  while (!(await sweep(store)));
  await store.close();
}

/** Sweeps a closed memory. Returns what is wrong then: files that no record names, totals that do not fit. */
export async function audit(name: string): Promise<{ entries: number; wrong: string[] }> {
  await sweepNow(name);
  const tables = await takeRecords(name);
  const named = JSON.stringify(
    [...tables].filter(([table]) => table !== 'files'),
    (_, value) => (typeof value === 'bigint' ? 0 : value),
  );
  const files = await listFiles(name);
  const wrong = files.filter((file) => !named.includes(file)).map((file) => `${file} is left over`);
  const entries = tables.get('entries')?.length ?? 0;
  const state: AnyRecord = tables.get('state')?.[0]?.value;
  if (state?.entries !== entries) wrong.push(`the totals count ${state?.entries} of ${entries} entries`);
  return { entries, wrong };
}
