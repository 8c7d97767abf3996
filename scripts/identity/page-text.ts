/** What is written beside the programs: the page that runs them, the memory, and a memory that caches nothing. */

/** Each program's steps in an order that the seed decides, some of them again; what they came to. */
export const mainText = (seeds: readonly number[]): string => `
import { memory, log } from './memory.ts';
import { RandomSource } from './random-source.ts';
const modules = [${seeds.map((seed) => `() => import('./program-${seed}.ts')`).join(',\n')}];
/** @param told States in which calls were answered in an earlier page. */
globalThis.runAll = async (order, told) => {
  const seen = new Set(told);
  const programs = [];
  const share = { expected: 0, hits: 0, missed: [] };
  for (const load of modules) {
    const { name, steps, state } = await load();
    const random = new RandomSource(order + Number(name.slice(1)));
    const outcomes = [];
    for (let left = 24; left > 0; left--) {
      const at = random.below(steps.length);
      const key = name + ' ' + at + ' ' + state();
      log.hits = 0;
      let outcome;
      try { outcome = await steps[at].run(); } catch (error) { outcome = 'threw ' + error; }
      outcomes.push(at + ': ' + outcome);
      if (!steps[at].isTold) continue;
      if (seen.has(key)) {
        share.expected += 1;
        share.hits += log.hits;
        if (log.hits === 0) share.missed.push(key + ' ' + String(steps[at].run));
      }
      seen.add(key);
    }
    programs.push({ name, outcomes });
  }
  await memory.flush();
  return { programs, share, told: [...seen], notices: log.notices };
};
`;

export const memoryText = `
import { Memory } from 'keepsake';
export const log = { hits: 0, notices: [] };
for (const level of ['info', 'warn', 'error']) console[level] = (text) => void log.notices.push(String(text));
export const memory = new Memory({ name: 'random' });
memory.addEventListener('hit', () => { log.hits += 1; });
`;

/** \`keepsake\` for the program that is compared with. */
export const uncachedText = `
export class Memory {
  constructor() {
    const cache = (first) => (typeof first === 'function' ? first : (fn) => fn);
    this.cache = Object.assign(cache, { meta: () => (fn) => fn });
  }
  addEventListener() {}
  async flush() {}
}
`;
