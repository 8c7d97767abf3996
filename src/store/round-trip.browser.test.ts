import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { equalByValue } from '../testing/equal-by-value.ts';
import { freshMemory, reopen } from '../testing/memories.ts';
import { anyValue } from '../testing/values-arbitrary.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

/** Entries, each with several values: a commit of its own for every value would take minutes. */
const ENTRIES = 500;
const VALUES = 20;

test('any value comes back from the store as it was, after a reload', async () => {
  const seed = Date.now();
  const values = fc.sample(anyValue(), { numRuns: ENTRIES * VALUES, seed });
  const { memory, reasons } = freshMemory({ memoryTierBytes: 0 });
  const options = { id: 'values', captures: () => ({}) };
  const valuesOf = (entry: number): unknown[] => values.slice(entry * VALUES, (entry + 1) * VALUES);
  const entries = Array.from({ length: ENTRIES }, (_, entry) => entry);
  await Promise.all(entries.map(memory.cache(valuesOf, options)));
  await memory.close();
  expect(reasons('skip')).toEqual([]);
  expect(reasons('store')).toHaveLength(ENTRIES);

  const later = reopen(memory, { memoryTierBytes: 0 });
  const read = (await Promise.all(entries.map(later.memory.cache(valuesOf, options)))).flat();
  expect(later.reasons('compute')).toEqual([]);
  expect(read).toHaveLength(ENTRIES * VALUES);
  const wrong = values.flatMap((value, index) => {
    const isSame = Object(value) === value && value === read[index];
    return equalByValue(value, read[index]) && !isSame
      ? []
      : [`seed ${seed}, value ${index}: ${fc.stringify(value)} became ${fc.stringify(read[index])}`];
  });
  expect(wrong).toEqual([]);
}, 120_000);
