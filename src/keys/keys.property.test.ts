import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { equalByValue } from '../testing/equal-by-value.ts';
import { rearrange } from '../testing/mutations/rearrange.ts';
import { anyValue } from '../testing/values-arbitrary.ts';
import { type KeyHasher, loadRareKinds, openKeyHasher } from './keys.ts';

let hasher: KeyHasher;

beforeAll(async () => {
  hasher = await openKeyHasher('xxh128');
  await loadRareKinds();
});

const runs = { numRuns: 10_000 };

test('digest() of an equal value, arranged otherwise, is equal', () => {
  fc.assert(
    fc.property(anyValue(), (value) => {
      const other = rearrange(value);
      expect(equalByValue(value, other)).toBe(true);
      expect(hasher.digest(other)).toBe(hasher.digest(value));
    }),
    runs,
  );
}, 60_000);

/** Pairs that are equal often, and unequal by little. */
const pairings: ((a: unknown, b: unknown) => [unknown, unknown])[] = [
  (a, b) => [a, b],
  (a, b) => [
    [a, b],
    [b, a],
  ],
  (a, b) => [
    { a, b },
    { b, a },
  ],
  (a, b) => [
    { a, b },
    { a: b, b: a },
  ],
  (a, b) => [new Set([a, [b]]), new Set([[b], a])],
  (a, b) => [new Set([[a], b]), new Set([a, [b]])],
  (a, b) => [new Map([[[a], b]]), new Map([[[b], a]])],
  (a, b) => [
    [a, [b]],
    [[a], b],
  ],
  (a, b) => [
    { a, b: undefined },
    { a, ...(b === undefined ? {} : { b }) },
  ],
];

test('digest() of two values is equal just if they are', () => {
  const tiny = anyValue({ depth: 2, isTiny: true });
  let equalCount = 0;
  fc.assert(
    fc.property(tiny, tiny, fc.constantFrom(...pairings), (a, b, pairing) => {
      const [one, other] = pairing(a, b);
      const areEqual = equalByValue(one, other);
      if (areEqual) equalCount++;
      expect(hasher.digest(one) === hasher.digest(other)).toBe(areEqual);
    }),
    { numRuns: 20_000 },
  );
  expect(equalCount).toBeGreaterThan(2000);
}, 60_000);

test('digest() of a value with cycles is the same again', () => {
  fc.assert(
    fc.property(anyValue({ cycles: true }), (value) => {
      expect(hasher.digest(value)).toBe(hasher.digest(value));
    }),
    runs,
  );
}, 60_000);
