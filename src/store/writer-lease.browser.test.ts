import { afterAll, expect, test, vi } from 'vitest';
import { busyLock, heldLocks, withLock } from '../locks/locks.ts';
import { Memory } from '../memory/memory.ts';
import { freshMemory } from '../testing/memories.ts';
import { openDatabase } from '../testing/mutations/tampering.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

async function busyRows(memory: string): Promise<IDBValidKey[]> {
  const db = await openDatabase(memory);
  try {
    const request = db.transaction('busy').objectStore('busy').getAllKeys();
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    return request.result;
  } finally {
    db.close();
  }
}

async function putRow(memory: string, id: string): Promise<void> {
  const db = await openDatabase(memory);
  const tx = db.transaction('busy', 'readwrite');
  tx.objectStore('busy').put(Date.now(), id);
  await new Promise((resolve) => {
    tx.oncomplete = resolve;
  });
  db.close();
}

/** Names of databases that are deleted from now on. */
function watchDeletions(): string[] {
  const deleted: string[] = [];
  const { deleteDatabase } = IDBFactory.prototype;
  vi.spyOn(IDBFactory.prototype, 'deleteDatabase').mockImplementation(function (this: IDBFactory, name) {
    deleted.push(name);
    return deleteDatabase.call(this, name);
  });
  return deleted;
}

const isChromium = 'dataLoss' in IDBVersionChangeEvent.prototype;

test.runIf(isChromium)('a realm is marked while it writes, and not after', async () => {
  const { memory } = freshMemory();
  const f = memory.cache((x: number) => x, { id: 'f' });
  expect(await f.checkCallInCache(1)).toBe(false);
  expect(await busyRows(memory.name)).toEqual([]);
  await f(1);
  await vi.waitUntil(async () => (await busyRows(memory.name)).length === 1);
  expect((await heldLocks(busyLock(memory.name, ''))).size).toBe(1);
  await vi.waitUntil(async () => (await busyRows(memory.name)).length === 0, { timeout: 10_000 });
  await f(2);
  await memory.close();
  expect(await busyRows(memory.name)).toEqual([]);
  expect((await heldLocks(busyLock(memory.name, ''))).size).toBe(0);
});

test.runIf(isChromium)(
  'the log is renewed once where a realm ended in the middle, and not for one that lives',
  async () => {
    const { memory } = freshMemory();
    const f = memory.cache((x: number) => x, { id: 'f' });
    expect(await f.checkCallInCache(1)).toBe(false);
    await putRow(memory.name, 'gone');
    await putRow(memory.name, 'alive');
    const deleted = watchDeletions();
    await withLock(busyLock(memory.name, 'alive'), {}, async () => {
      await f(1);
      await vi.waitUntil(async () => !(await busyRows(memory.name)).includes('gone'));
      expect(await busyRows(memory.name)).toContain('alive');
    });
    await f(2);
    await memory.close();
    expect(deleted).toEqual(['keepsake-log-renewal']);
    vi.restoreAllMocks();
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain('keepsake-log-renewal');
  },
);
