/**
 * Random programs of classes and closures over two page loads, with and without the build plugin, against the same programs
 * without a cache. `--programs 2000 --seed 1`; fails where a step comes to something else.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { getBrowser } from './browsers.ts';
import { compare } from './identity/compare.ts';

const BATCH = 100;

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const count = Number(values.programs);

const profile = mkdtempSync(join(tmpdir(), 'keepsake-random-profile-'));
const context = await chromium.launchPersistentContext(profile, getBrowser('chromium'));
const totals = { plugin: { expected: 0, hits: 0 }, plain: { expected: 0, hits: 0 } };
const wrong: string[] = [];
try {
  for (let start = first; start < first + count; start += BATCH) {
    const seeds = Array.from({ length: Math.min(BATCH, first + count - start) }, (_, at) => start + at);
    for (const mode of ['plain', 'plugin'] as const) {
      const result = await compare(context, seeds, mode);
      totals[mode].expected += result.expected;
      totals[mode].hits += result.hits;
      wrong.push(...result.wrong);
      for (const line of result.wrong) console.error(line);
      if (values.verbose)
        console.log([...new Set(result.notices)].join('\n'), result.missed.slice(0, 20).join('\n'));
    }
    console.log(`${start + seeds.length - first} programs, ${wrong.length} wrong`, JSON.stringify(totals));
  }
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
for (const [mode, { expected, hits }] of Object.entries(totals))
  console.log(`${mode}: ${((100 * hits) / expected).toFixed(1)} % of ${expected} calls that could hit did`);
process.exitCode = wrong.length > 0 ? 1 : 0;
