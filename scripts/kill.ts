/**
 * Kills a real browser at random moments of its work and asks after each restart what is left:
 * `npm run kill -- --rounds 100 --browser chromium --seed 7`.
 */
import { parseArgs } from 'node:util';
import { killRounds } from '../e2e/support/kill-rounds.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    browser: { type: 'string', default: 'chromium' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const browser = values.browser === 'firefox' ? 'firefox' : 'chromium';
const seed = Number(values.seed);
console.log(`${browser}, ${values.rounds} rounds, seed ${seed}`);
const figures = await killRounds({ browser, rounds: Number(values.rounds), seed, log: console.log });
const { wrong, lost, leftovers, ...counts } = figures;
console.log(JSON.stringify(counts));
for (const [what, list] of Object.entries({ wrong, lost, leftovers })) {
  console.log(`${what}: ${list.length}${list.map((each) => `\n  ${each}`).join('')}`);
}
process.exitCode = wrong.length + lost.length + leftovers.length > 0 ? 1 : 0;
