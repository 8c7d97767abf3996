/**
 * Objects of generated classes, told apart by state of every kind, through keys and codec: none may get another one's
 * result, and none come back as something else. `node scripts/instances.ts --programs 20000 --seed 1`
 */
import { parseArgs } from 'node:util';
import { openKeyHasher } from '../src/keys/keys.ts';
import { check, type Outcome } from '../src/testing/instances/check.ts';
import { arounds, bases, extras, kinds } from '../src/testing/instances/hidden-state.ts';

const { values } = parseArgs({
  options: { programs: { type: 'string', default: '5000' }, seed: { type: 'string', default: '1' } },
});

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const hasher = await openKeyHasher('xxh128');
const random = randomFrom(Number(values.seed));
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T; // never empty
const sum = { wrongHits: 0, changed: 0, missed: 0, hits: 0 };
let seen = 0;
const programs = Number(values.programs);
for (let number = 0; number < programs; number++) {
  const kind = pick(kinds);
  const decoration = { base: pick(bases), extra: pick(extras), around: pick(arounds) };
  const outcome: Outcome = check(kind, decoration, hasher);
  if (kind.isSeen) seen++;
  for (const name of ['wrongHits', 'changed', 'missed', 'hits'] as const) sum[name] += outcome[name];
  if (outcome.wrongHits + outcome.changed + outcome.missed > 0) {
    console.error(`${kind.name}, ${JSON.stringify(decoration)}: ${JSON.stringify(outcome)}`);
  }
}
console.log(
  `${programs} programs, seed ${values.seed}: ${sum.wrongHits} wrong hits, ${sum.changed} results that changed; ` +
    `${sum.missed} of ${seen} values in plain sight were refused or missed; ${sum.hits} hits`,
);
process.exitCode = sum.wrongHits + sum.changed > 0 ? 1 : 0;
