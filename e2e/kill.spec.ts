import { expect, test } from '@playwright/test';
import { killRounds } from './support/kill-rounds.ts';

/** `npm run kill -- --rounds 100` has more of them. */
const ROUNDS = 5;
const LIMIT_MS = 30_000;

test('a killed browser loses nothing that was stored, and never gives a wrong value', async () => {
  const figures = await killRounds({ browser: 'chromium', rounds: ROUNDS, seed: 1, limitMs: LIMIT_MS });
  console.log(JSON.stringify(figures));
  expect(figures.rounds).toBeGreaterThan(0);
  expect(figures.verified).toBeGreaterThan(0);
  expect(figures.wrong).toEqual([]);
  expect(figures.lost).toEqual([]);
  expect(figures.leftovers).toEqual([]);
});
