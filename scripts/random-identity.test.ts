import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getBrowser } from './browsers.ts';
import { compare } from './identity/compare.ts';

const profile = mkdtempSync(join(tmpdir(), 'keepsake-random-profile-'));
let context: BrowserContext;

beforeAll(async () => {
  context = await chromium.launchPersistentContext(profile, getBrowser('chromium'));
});
afterAll(async () => {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
});

const seeds = Array.from({ length: 30 }, (_, at) => at + 1);

test.each(['plain', 'plugin'] as const)(
  'random programs answer as they do without a cache, and hit: %s',
  async (mode) => {
    const { wrong, expected, hits } = await compare(context, seeds, mode);
    expect(wrong).toEqual([]);
    expect(expected).toBeGreaterThan(100);
    expect(hits / expected).toBeGreaterThan(0.8);
  },
);
