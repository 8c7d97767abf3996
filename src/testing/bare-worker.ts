/** A worker realm as some policies leave it: without IndexedDB, files, locks and channels. Answers with what a Memory does there. */

for (const name of ['indexedDB', 'BroadcastChannel']) {
  Object.defineProperty(globalThis, name, { value: undefined });
}
for (const name of ['storage', 'locks']) Object.defineProperty(navigator, name, { value: undefined });

// Imported now that they are gone.
void import('../memory/memory.ts').then(async ({ Memory }) => {
  const memory = new Memory({ name: 'bare' });
  let runs = 0;
  const f = memory.cache((x: number) => x + ++runs, { id: 'f' });
  const values = [await f(1), await f(1), (await f.compute(1)).value];
  const { tier } = await memory.storageStatus();
  postMessage({ values, tier, isCached: await f.checkCallInCache(1), cleared: await memory.clear() });
});
