import { expect, test } from 'vitest';
import { programs } from './programs.ts';
import { tryEdits } from './try-edits.ts';

/** A short share of `scripts/random-edits.ts`. */
const names = ['ml-matrix', 'd3-shape', 'd3-quadtree', 'pure-rand'];

test.each(names)(
  'random edits in %s are never served stale',
  async (name) => {
    const program = programs[name];
    if (!program) throw new RangeError(`No program for ${name}`);
    const tally = await tryEdits(name, program, { seed: 7, edits: 8 });
    expect(tally.stale).toEqual([]);
    expect(tally.edits).toBe(8);
  },
  120_000,
);
