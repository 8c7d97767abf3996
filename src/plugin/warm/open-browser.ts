/** A headless browser on a profile of its own, by the project's Playwright. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { importFrom } from './project-package.ts';
import type { WarmBrowser } from './warm-options.ts';

type Playwright = Pick<typeof import('playwright'), 'chromium'>;

const packages = ['playwright', 'playwright-core', '@playwright/test'];

export const noPlaywright =
  'Calls are made in a browser, which needs a package of yours: npm install --save-dev playwright && npx playwright install chromium';

async function playwrightOf(root: string): Promise<Playwright> {
  const found = (await importFrom(root, packages)) as
    | (Playwright & { readonly default?: Playwright })
    | undefined; // as its own declarations say
  const playwright = found?.chromium ? found : found?.default;
  if (!playwright) throw new Error(noPlaywright);
  return playwright;
}

/** @param use What is done with its one page. @throws Error with an install line where there is no browser */
export async function withPage<T>(
  root: string,
  { args = [], ...browser }: WarmBrowser,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const { chromium } = await playwrightOf(root);
  // Off the record, files would be kept in memory.
  const profile = mkdtempSync(join(tmpdir(), 'keepsake-warm-'));
  try {
    const context = await chromium.launchPersistentContext(profile, { ...browser, args: [...args] });
    try {
      return await use(await context.newPage());
    } finally {
      await context.close().catch(() => undefined); // it is gone already
    }
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}
