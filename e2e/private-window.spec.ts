import { chromium } from '@playwright/test';
import { getBrowser } from '../scripts/browsers.ts';
import { firstDistances, waitUntilStored } from './support/demo.ts';
import { home } from './support/home.ts';
import { expect, test } from './support/profile.ts';

test('an off-the-record window computes once and keeps the result while it is open', async () => {
  const browser = await chromium.launch(getBrowser('chromium'));
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(home);
    expect((await firstDistances(page)).outcome).toBe('computed');
    await waitUntilStored(page);
    await page.reload();
    expect((await firstDistances(page)).outcome).toBe('hit');
  } finally {
    await browser.close();
  }
});
