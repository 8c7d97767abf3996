/**
 * Random edits in the sources of real packages that a program uses as its own code: results that change must have other
 * keys. `node scripts/random-edits.ts [--edits 2000] [--seed 1] [--packages three,d3-geo]`
 */
import { parseArgs } from 'node:util';
import { programs } from '../src/testing/real-packages/programs.ts';
import { type EditTally, emptyTally, tryEdits } from '../src/testing/real-packages/try-edits.ts';

const { values } = parseArgs({
  options: {
    edits: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    packages: { type: 'string' },
  },
});
const names = values.packages?.split(',') ?? Object.keys(programs);
const each = Math.ceil(Number(values.edits) / names.length);

function add(total: EditTally, tally: EditTally): void {
  for (const key of ['edits', 'changedResults', 'changedKeys', 'spurious', 'unkept'] as const)
    total[key] += tally[key];
  total.stale.push(...tally.stale);
}

const percent = (part: number, whole: number): string =>
  `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;

function line(name: string, tally: EditTally): string {
  const { edits, changedResults, changedKeys, spurious, unkept, stale } = tally;
  return `${name.padEnd(16)} ${edits} edits, ${changedResults} results and ${changedKeys} keys changed, ${percent(spurious, changedKeys)} of these needlessly, ${unkept} calls not kept, ${stale.length} stale`;
}

const total = emptyTally();
for (const [index, name] of names.entries()) {
  const program = programs[name];
  if (!program) throw new RangeError(`No program for the package ${name}`);
  const tally = await tryEdits(name, program, { seed: Number(values.seed) + index, edits: each });
  console.log(line(name, tally));
  for (const stale of tally.stale) console.log(`  STALE ${stale}`);
  add(total, tally);
}
console.log(line('all', total));
process.exitCode = total.stale.length > 0 ? 1 : 0;
