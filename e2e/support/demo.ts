/** The demo page as a user drives it. */
import { expect, type Locator, type Page } from '@playwright/test';

export interface Outcome {
  readonly outcome: string | null;
  readonly ms: number;
}

const card = (page: Page): Locator => page.getByRole('article', { name: 'Pairwise distances' });

/** Says how the distances came that a page gets by itself when it opens. */
export async function firstDistances(page: Page): Promise<Outcome> {
  const result = card(page).getByLabel('How the distances came');
  await expect(result).toHaveAttribute('data-outcome', /computed|hit/, { timeout: 120_000 });
  return {
    outcome: await result.getAttribute('data-outcome'),
    ms: Number(await result.getAttribute('data-ms')),
  };
}

/** Presses the button, waits for the result, and says how it came. */
export async function getDistances(page: Page): Promise<Outcome> {
  await firstDistances(page);
  // The press takes the outcome of the call before away, in its own turn.
  await page.getByRole('button', { name: 'Get the distances' }).click();
  return firstDistances(page);
}

/** Presses a button that deletes, and answers what the page asks. */
export async function confirmed(page: Page, name: string, verb: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await page.getByRole('dialog').getByRole('button', { name: verb }).click();
}

/** How often the function's body was entered since the page loaded, counted in the worker. */
export const computations = async (page: Page): Promise<number> =>
  Number(await card(page).getByLabel('Computations of the distances').getAttribute('data-computations'));

/** The result is in the store, not only on its way. */
export const waitUntilStored = (page: Page): Promise<void> =>
  expect(card(page).locator('[data-stored]')).toHaveAttribute('data-stored', 'yes', { timeout: 60_000 });

/** Sum, a weighted sum and the length: differs when any element differs, short of contrived cases. */
export const digestMatrix = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const { keepsakeDemo } = window as unknown as {
      keepsakeDemo: { distances(): Float32Array<ArrayBuffer> };
    };
    const digest = await crypto.subtle.digest('SHA-256', keepsakeDemo.distances());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  });

/** Names of the origin's databases and root entries of its private file system. */
export const originState = (page: Page): Promise<{ databases: string[]; entries: string[]; usage: number }> =>
  page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const entries: string[] = [];
    const root = await navigator.storage.getDirectory();
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys())
      entries.push(name);
    const { usage = 0 } = await navigator.storage.estimate();
    return { databases, entries, usage };
  });
