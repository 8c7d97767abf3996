/** The browser on a profile of its own on disk, one page, and the calls into it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, firefox, type Page } from 'playwright';
import { type BrowserName, getBrowser } from '../scripts/browsers.ts';
import type { FillSpec, Observation, Outcome, SampleLimits, VisitSpec } from './protocol.ts';

/** Longer than any visit takes; a page that takes longer has hung. */
const VISIT_LIMIT_MS = 300_000;
/** 100,000 entries are stored in one visit. */
const FILL_LIMIT_MS = 1_200_000;

async function launch(browser: BrowserName, profile: string): Promise<BrowserContext> {
  const { args, ...found } = getBrowser(browser);
  // Each subject's garbage is collected before the next sample, instead of during it.
  if (browser === 'chromium')
    return chromium.launchPersistentContext(profile, { ...found, args: [...args, '--js-flags=--expose-gc'] });
  return firefox.launchPersistentContext(profile, {
    ...found,
    args,
    // Pages that were left are not kept: they would hold their memory.
    firefoxUserPrefs: { 'browser.sessionhistory.max_total_viewers': 0 },
  });
}

function withinLimit<T>(work: Promise<T>, limitMs = VISIT_LIMIT_MS): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`took more than ${limitMs} ms`)), limitMs);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

export class DrivenBrowser {
  readonly #browser: BrowserName;
  readonly #profile: string;
  readonly #home: string;
  #context: BrowserContext;
  #page: Page;

  private constructor(
    browser: BrowserName,
    profile: string,
    home: string,
    context: BrowserContext,
    page: Page,
  ) {
    this.#browser = browser;
    this.#profile = profile;
    this.#home = home;
    this.#context = context;
    this.#page = page;
  }

  static async launch(browser: BrowserName, home: string): Promise<DrivenBrowser> {
    const profile = mkdtempSync(join(tmpdir(), 'keepsake-bench-'));
    // Also when someone ends the bench: Playwright then closes the browser and exits.
    process.once('exit', () => rmSync(profile, { recursive: true, force: true, maxRetries: 3 }));
    const context = await launch(browser, profile);
    return new DrivenBrowser(browser, profile, home, context, await context.newPage());
  }

  /** Ends the browser and starts it on the same profile: a process that has seen hundreds of pages is a slow one. */
  async restart(): Promise<void> {
    await this.#context.close();
    this.#context = await launch(this.#browser, this.#profile);
    this.#page = await this.#context.newPage();
  }

  /** Loads the page anew: nothing of the page before is left in memory. */
  async visit(): Promise<void> {
    await this.#page.goto(this.#home);
    await this.#page.waitForFunction(() => 'keepsakeBench' in window);
  }

  /** Gives up the page, which may hang, for a new one. */
  async abandonPage(): Promise<void> {
    const abandoned = this.#page;
    this.#page = await this.#context.newPage();
    await abandoned.close();
  }

  fill(spec: FillSpec): Promise<Outcome<undefined>> {
    return withinLimit(
      this.#page.evaluate((given) => window.keepsakeBench.fill(given), spec),
      FILL_LIMIT_MS,
    );
  }

  open(spec: VisitSpec): Promise<Outcome<undefined>> {
    return withinLimit(this.#page.evaluate((given) => window.keepsakeBench.open(given), spec));
  }

  observe(): Promise<Outcome<Observation>> {
    return withinLimit(this.#page.evaluate(() => window.keepsakeBench.observe()));
  }

  measure(limits: SampleLimits): Promise<Outcome<readonly number[]>> {
    return withinLimit(this.#page.evaluate((given) => window.keepsakeBench.measure(given), limits));
  }

  version(): Promise<string> {
    return this.#page.evaluate(() => navigator.userAgent);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
