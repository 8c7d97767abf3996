import { afterAll, expect, test } from 'vitest';
import type { CacheEvent } from '../events/events.ts';
import { Memory } from '../memory/memory.ts';
import { resolveMemoryOptions } from '../options/options.ts';
import { Store } from '../store/entry-store.ts';
import { freshMemory } from '../testing/memories.ts';
import { evictSegments } from './evict-segments.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const SIZE = 900_000;
/** More than the 18 that one segment takes. */
const COUNT = 30;
const fill = (n: number) => new Uint8Array(SIZE).fill(n);

/** A closed memory of two segments, its store, and which arguments are in which segment. */
async function twoSegments() {
  const { memory } = freshMemory();
  const f = memory.cache(fill, { id: 'fill' });
  for (let n = 0; n < COUNT; n += 1) await f(n);
  await memory.flush();
  const infos = await Array.fromAsync(memory.entries());
  const keys = new Map(
    infos.map(({ key, argumentsPreview }) => [Number(argumentsPreview.slice(1, -1)), key]),
  );
  await memory.close();
  const store = new Store(resolveMemoryOptions({ name: memory.name }), {
    receive: () => undefined,
    onStatus: () => undefined,
    onOpened: () => undefined,
  });
  await store.open();
  const segments = (await store.catalog.files()).map(({ file }) => file).sort();
  expect(segments).toHaveLength(2);
  const keyOf = (n: number): string => keys.get(n) ?? '';
  const left = async (): Promise<number[]> => {
    const found = await Promise.all([...keys].map(async ([n, key]) => ({ n, is: await store.find(key) })));
    return found.flatMap(({ n, is }) => (is.kind === 'entry' ? [n] : [])).sort((a, b) => a - b);
  };
  const events: CacheEvent[] = [];
  const eviction = {
    store,
    reason: 'storage-full',
    emit: (event: CacheEvent) => void events.push(event),
    forget: () => undefined,
  } as const;
  return { store, segments, keyOf, left, eviction, events };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

test('the segment with the most dead bytes goes whole, and its entries are told', async () => {
  const { store, segments, keyOf, left, eviction, events } = await twoSegments();
  const lastOfFirst = (await left()).findLast((n) => n < 18) ?? 0;
  await store.remove([keyOf(COUNT - 1), keyOf(COUNT - 2)]);
  const removed = await evictSegments(eviction, 1);
  expect(await left()).toEqual(range(0, lastOfFirst + 1));
  expect((await store.catalog.files()).map(({ file }) => file)).toEqual([segments[0]]);
  expect(removed.removed).toBe(COUNT - 2 - (lastOfFirst + 1));
  expect(removed.freedBytes).toBeGreaterThan(removed.removed * SIZE);
  expect(events).toHaveLength(removed.removed);
  for (const event of events)
    expect(event).toMatchObject({ kind: 'evict', reason: 'storage-full', functionId: 'fill' });
  await store.close();
});

test('what is pinned keeps its segment; another one goes', async () => {
  const { store, segments, keyOf, left, eviction } = await twoSegments();
  await store.remove([keyOf(COUNT - 1)]);
  const unpin = store.pins.add(keyOf(COUNT - 2));
  await evictSegments(eviction, 1);
  expect((await store.catalog.files()).map(({ file }) => file)).toEqual([segments[1]]);
  expect(await left()).toContain(COUNT - 2);
  unpin();
  await evictSegments(eviction, 1);
  expect(await store.catalog.files()).toEqual([]);
  await store.close();
});

test('nothing goes where nothing is wanted', async () => {
  const { store, left, eviction } = await twoSegments();
  expect(await evictSegments(eviction, 0)).toEqual({ removed: 0, freedBytes: 0 });
  expect(await left()).toHaveLength(COUNT);
  await store.close();
});
