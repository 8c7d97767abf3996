import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { check } from '../testing/instances/check.ts';
import { arounds, bases, extras, kinds } from '../testing/instances/hidden-state.ts';
import { type KeyHasher, openKeyHasher } from './keys.ts';

let hasher: KeyHasher;

beforeAll(async () => {
  hasher = await openKeyHasher('xxh128');
});

const plain = { base: '', extra: '', around: 'o' };

test.each(kinds)('objects told apart by a $name are two arguments, or none', (kind) => {
  expect(check(kind, plain, hasher)).toMatchObject({ wrongHits: 0, changed: 0, missed: 0 });
});

test('objects told apart by state of any kind are two arguments or none, whatever is around them', () => {
  const decoration = fc.record({
    base: fc.constantFrom(...bases),
    extra: fc.constantFrom(...extras),
    around: fc.constantFrom(...arounds),
  });
  fc.assert(
    fc.property(fc.constantFrom(...kinds), decoration, (kind, around) => {
      expect(check(kind, around, hasher)).toMatchObject({ wrongHits: 0, changed: 0, missed: 0 });
    }),
    { numRuns: 500 },
  );
}, 60_000);
