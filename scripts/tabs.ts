/**
 * Seeded schedules of several tabs that call the same functions, are closed, abort and clear:
 * `npm run tabs -- --schedules 200 --seed 1`. `--large` runs eight tabs with 500 calls each instead.
 */
import { parseArgs } from 'node:util';
import { largeSchedule, ManyTabs, type Schedule, smallSchedule } from '../e2e/support/many-tabs.ts';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    large: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const count = Number(values.schedules);
const totals: Record<string, number> = {};
const wrong: string[] = [];

async function run(tabs: ManyTabs, schedule: Schedule): Promise<void> {
  const figures = await tabs.run(schedule);
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value === 'number') totals[name] = (totals[name] ?? 0) + value;
  }
  wrong.push(...figures.wrong.map((what) => `seed ${schedule.seed}: ${what}`));
  console.log(JSON.stringify({ ...schedule, ...figures }));
}

const tabs = new ManyTabs();
await tabs.open();
try {
  for (let seed = first; seed < first + count; seed += 1) {
    await run(tabs, values.large ? largeSchedule(seed) : smallSchedule(seed));
  }
} finally {
  await tabs.close();
}
console.log(JSON.stringify({ schedules: count, ...totals }));
console.log(`wrong: ${wrong.length}${wrong.map((each) => `\n  ${each}`).join('')}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
