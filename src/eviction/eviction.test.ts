import { expect, test } from 'vitest';
import { type Budget, type Candidate, leastRecentlyUsed, supersededKeySpaces } from './eviction.ts';

const candidate = (key: string, sizeBytes: number, lastUsedAt: number): Candidate => ({
  key,
  functionId: 'f',
  sizeBytes,
  lastUsedAt,
  createdAt: 0,
  computeMs: 1,
});
const none: Budget = { excessBytes: 0, excessEntries: 0, usedUntil: Number.NEGATIVE_INFINITY };
const three = [candidate('a', 10, 1), candidate('b', 10, 2), candidate('c', 10, 3)];
const victims = (budget: Partial<Budget>): string[] =>
  leastRecentlyUsed(three, { ...none, ...budget }).victims.map(({ key }) => key);

test('leastRecentlyUsed() takes nothing where nothing is asked', () => {
  expect(victims({})).toEqual([]);
  expect(leastRecentlyUsed(three, none).isDone).toBe(true);
});

test('leastRecentlyUsed() stops as soon as every limit holds', () => {
  expect(victims({ excessBytes: 10 })).toEqual(['a']);
  expect(victims({ excessBytes: 11 })).toEqual(['a', 'b']);
  expect(victims({ excessEntries: 2 })).toEqual(['a', 'b']);
  expect(victims({ usedUntil: 1 })).toEqual(['a']);
  expect(victims({ excessBytes: 1, usedUntil: 2 })).toEqual(['a', 'b']);
});

test('leastRecentlyUsed() asks for more when the page was not enough', () => {
  const plan = leastRecentlyUsed(three, { ...none, excessBytes: 35 });
  expect(plan.victims).toHaveLength(3);
  expect(plan.left.excessBytes).toBe(5);
  expect(plan.isDone).toBe(false);
});

const keySpace = (functionKey: string, functionId: string, lastUsedAt: number, entries = 1) => ({
  functionKey,
  functionId,
  entries,
  createdAt: 0,
  lastUsedAt,
});

test('supersededKeySpaces() names all but the newest of each function, the longest unused first', () => {
  const spaces = [
    keySpace('f2', 'f', 20),
    keySpace('f3', 'f', 30),
    keySpace('f1', 'f', 10),
    keySpace('g1', 'g', 5),
    keySpace('f0', 'f', 1, 0),
  ];
  expect(supersededKeySpaces(spaces)).toEqual(['f1', 'f2']);
});

test('supersededKeySpaces() takes a rollback that is in use for the newest', () => {
  const old = { ...keySpace('old', 'f', 40), createdAt: 1 };
  const young = { ...keySpace('young', 'f', 30), createdAt: 9 };
  expect(supersededKeySpaces([old, young])).toEqual(['young']);
});
