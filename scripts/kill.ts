/**
 * Kills a real browser at random moments of its work and asks after each restart what is left:
 * `npm run kill -- --rounds 100 --browser chromium --seed 7`. With `--control` the work is done on a bare database,
 * without keepsake: what the browser loses by itself. `--minutes 10` ends the rounds after so long. Databases that
 * Chromium throws away are kept in reports/lost-databases, as the kill left them.
 */
import { parseArgs } from 'node:util';
import { killRounds } from '../e2e/support/kill-rounds.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    browser: { type: 'string', default: 'chromium' },
    minutes: { type: 'string', default: 'Infinity' },
    control: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const browser = values.browser === 'firefox' ? 'firefox' : 'chromium';
const seed = Number(values.seed);
const rounds = Number(values.rounds);
const isControl = values.control;
/** No new round begins after that. */
const limitMs = Number(values.minutes) * 60_000;
console.log(`${browser}, ${rounds} rounds, seed ${seed}${isControl ? ', control' : ''}`);
const evidence = 'reports/lost-databases';
const figures = await killRounds({ browser, rounds, seed, isControl, limitMs, evidence, log: console.log });
const { wrong, lost, leftovers, databasesLost, ...counts } = figures;
console.log(JSON.stringify(counts));
for (const [what, list] of Object.entries({ wrong, lost, leftovers, databasesLost })) {
  console.log(`${what}: ${list.length}${list.map((each) => `\n  ${each}`).join('')}`);
}
process.exitCode = wrong.length + lost.length + leftovers.length > 0 ? 1 : 0;
