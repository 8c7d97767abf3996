/** A browser on a profile of its own on disk, which can be closed and opened again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, test as base, chromium, firefox, type Page } from '@playwright/test';
import { type BrowserName, getBrowser } from '../../scripts/browsers.ts';
import { home, labPage } from './home.ts';
import { mainProcess } from './main-process.ts';

const types = { chromium, firefox };

export class Profile {
  readonly #browser: BrowserName;
  readonly #firefoxUserPrefs: Record<string, number>;
  readonly folder = mkdtempSync(join(tmpdir(), 'keepsake-'));
  #context: BrowserContext | undefined;

  constructor(browser: BrowserName = 'chromium', firefoxUserPrefs: Record<string, number> = {}) {
    this.#browser = browser;
    this.#firefoxUserPrefs = firefoxUserPrefs;
  }

  /** The context; starts the browser where it does not run. */
  async context(): Promise<BrowserContext> {
    this.#context ??= await types[this.#browser].launchPersistentContext(this.folder, {
      ...getBrowser(this.#browser),
      firefoxUserPrefs: this.#firefoxUserPrefs,
    });
    return this.#context;
  }

  async openPage(url = home): Promise<Page> {
    const page = await (await this.context()).newPage();
    await page.goto(url);
    return page;
  }

  /** A page of e2e/pages/lab.ts, ready to be driven. */
  async openLab(): Promise<Page> {
    const page = await this.openPage(labPage);
    await page.waitForFunction(() => 'lab' in window);
    return page;
  }

  /** Ends the browser in good order; the profile stays. */
  async stop(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  /** Kills the browser, whatever it is doing; the profile stays. */
  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.#context?.on('close', resolve));
    process.kill(mainProcess(this.folder), 'SIGKILL');
    await gone;
    this.#context = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const test = base.extend<{ profile: Profile }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  profile: async ({}, use) => {
    const profile = new Profile();
    await use(profile);
    await profile.dispose();
  },
});

export { expect } from '@playwright/test';
