/** Tabs that call the same functions at once, some of them closed in the middle of a computation: what is computed how often? */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { getBrowser } from '../../scripts/browsers.ts';
import type { Told, Work, WorkDone } from '../pages/tabs.ts';
import { randomFrom } from './random.ts';
import { TabLedger } from './tab-ledger.ts';

export interface Schedule {
  readonly seed: number;
  readonly tabs: number;
  readonly calls: number;
  readonly keys: number;
  readonly lanes: number;
  /** Tabs that are closed in the middle of a computation; another one takes the place of each. */
  readonly closed: number;
  readonly abortedPercent: number;
  /** How often a tab clears the memory. */
  readonly clears: number;
  /** How many calls in a hundred are of functions that get stuck, call each other in a circle, or transfer their argument. */
  readonly mixedPercent: number;
}

export interface ScheduleFigures {
  completed: number;
  aborted: number;
  /** Calls of functions that get stuck, call each other in a circle, or transfer their argument. */
  mixed: number;
  hits: number;
  computations: number;
  /** Tabs closed in the middle of a computation, and keys that were computed once more for it. */
  closed: number;
  again: number;
  /** Stored values that were asked for afterwards. */
  verified: number;
  ms: number;
  /** Must stay empty. */
  readonly wrong: string[];
}

/** What a page does in a schedule. */
interface Tab {
  /** Its so many-th 'enter' gets no answer: it is closed. */
  closeAt: number | undefined;
  end(): void;
}

/** Nothing heard of any tab for so long is a deadlock: a computation takes 30 ms. */
const SILENCE_MS = 60_000;

const configFile = fileURLToPath(new URL('../pages/vite.config.ts', import.meta.url));
const pagePath = 'e2e/pages/tabs.html';
const pageFile = fileURLToPath(new URL('../pages/tabs.html', import.meta.url));

/** A schedule that follows from its seed. */
export function smallSchedule(seed: number): Schedule {
  const random = randomFrom(seed);
  const upTo = (limit: number): number => Math.floor(random() * (limit + 1));
  return {
    seed,
    tabs: 2 + upTo(2),
    calls: 20 + upTo(40),
    keys: 3 + upTo(12),
    lanes: 1 + upTo(5),
    closed: upTo(3),
    abortedPercent: upTo(1) * upTo(40),
    clears: upTo(3) === 0 ? 1 : 0,
    mixedPercent: upTo(1) * upTo(60),
  };
}

/** Eight tabs of 500 calls of 200 keys, three of them closed on the way. */
export const largeSchedule = (seed: number): Schedule => ({
  seed,
  tabs: 8,
  calls: 500,
  keys: 200,
  lanes: 6,
  closed: 3,
  abortedPercent: 0,
  clears: 0,
  mixedPercent: 20,
});

/** One browser on a profile of its own, for any number of schedules, one after another. */
export class ManyTabs {
  readonly #folder = mkdtempSync(join(tmpdir(), 'keepsake-tabs-'));
  #server: PreviewServer | undefined;
  #context: BrowserContext | undefined;
  #ledger = new TabLedger(0);
  #heardAt = 0;
  /** Loaded, with nothing to do. */
  readonly #idle: Page[] = [];
  readonly #tabs = new Map<Page, Tab>();
  #ends = 0;

  /** Tabs load a built page: a tab that is closed has to be replaced at once. */
  async open(): Promise<void> {
    const outDir = join(this.#folder, 'built');
    const common = { configFile, logLevel: 'error' } as const;
    await build({ ...common, build: { outDir, target: 'esnext', rolldownOptions: { input: pageFile } } });
    this.#server = await preview({ ...common, build: { outDir }, preview: { port: 0 } });
    const profile = join(this.#folder, 'profile');
    this.#context = await chromium.launchPersistentContext(profile, getBrowser('chromium'));
    await this.#context.exposeBinding('tell', ({ page }, what: Told, key: number, serial?: number) =>
      this.#hear(page, what, key, serial),
    );
  }

  async close(): Promise<void> {
    await this.#context?.close();
    await this.#server?.close();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async run(schedule: Schedule): Promise<ScheduleFigures> {
    const start = performance.now();
    this.#ledger = new TabLedger(schedule.tabs * schedule.lanes);
    this.#heardAt = performance.now();
    const memory = `tabs-${schedule.seed}`;
    const works = worksOf(schedule, memory);
    const done = Promise.all(works.map(({ work, closeAt }) => this.#work(work, closeAt))).then((all) =>
      all.flat(),
    );
    const outcome = await Promise.race([done, this.#silence()]);
    if (typeof outcome === 'string') return { ...figuresOf([], this.#ledger), ms: 0, wrong: [outcome] };
    const figures = figuresOf(outcome, this.#ledger);
    await this.#verify({ ...schedule, memory }, figures);
    figures.ms = Math.round(performance.now() - start);
    return figures;
  }

  /** A tab from its first call to its last; after one that was closed comes another. */
  async #work(work: Work, closeAt: number | undefined): Promise<WorkDone[]> {
    const page = this.#idle.pop() ?? (await this.#openPage());
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
    const tab = { closeAt, end: () => end(undefined) };
    this.#tabs.set(page, tab);
    const evaluated = page.evaluate((each) => window.tabs.run(each), work).catch(() => ended); // it rejects when the tab is closed
    const done = await Promise.race([evaluated, ended]);
    if (!done) return this.#work({ ...work, seed: work.seed + 1_000_000 }, undefined);
    const uncaught = await page.evaluate(() => window.tabs.uncaught());
    this.#idle.push(page);
    return [{ ...done, wrong: [...done.wrong, ...uncaught] }];
  }

  #hear(page: Page, what: Told, key: number, serial?: number): number | Promise<never> {
    this.#heardAt = performance.now();
    const tab = this.#tabs.get(page);
    if (!tab) return 0;
    const given = this.#ledger.hear(tab, what, key, serial);
    if (what !== 'enter' || tab.closeAt === undefined) return given;
    tab.closeAt -= 1;
    if (tab.closeAt > 0) return given;
    this.#ledger.close(tab);
    this.#tabs.delete(page);
    void this.#end(page).then(tab.end);
    return new Promise(() => undefined);
  }

  /** Every other tab is closed, and every other one loaded anew: quicker, and no less an end. */
  async #end(page: Page): Promise<void> {
    this.#ends += 1;
    if (this.#ends % 2 === 0) return page.close();
    await page.reload({ waitUntil: 'commit', timeout: SILENCE_MS });
    await page.waitForFunction(() => 'tabs' in window, undefined, { timeout: SILENCE_MS });
    this.#idle.push(page);
  }

  async #silence(): Promise<string> {
    for (;;) {
      const left = this.#heardAt + SILENCE_MS - performance.now();
      if (left <= 0) break;
      await new Promise((resolve) => setTimeout(resolve, left).unref());
    }
    const pages = this.#context?.pages() ?? [];
    const locks = await pages[1]?.evaluate(() => navigator.locks.query()).catch(String);
    await Promise.all(pages.slice(1).map((page) => page.close()));
    return `deadlock: nothing heard for ${SILENCE_MS} ms, locks ${JSON.stringify(locks)}`;
  }

  /** In a tab that comes later: what was stored is there and right, and nothing that was cleared came back. */
  async #verify(
    { memory, seed, keys }: Schedule & { memory: string },
    figures: ScheduleFigures,
  ): Promise<void> {
    const page = this.#idle.pop() ?? (await this.#openPage());
    const nothing = { calls: 0, lanes: 0, abortedPercent: 0, mixedPercent: 0, memoryTierBytes: 0 };
    const work = { memory, seed, keys, ...nothing };
    const { serials, wrong } = await page.evaluate((each) => window.tabs.serials(each), work);
    figures.verified = Object.keys(serials).length;
    figures.wrong.push(
      ...wrong,
      ...this.#ledger.check(new Map(Object.entries(serials).map(([key, serial]) => [Number(key), serial]))),
    );
    const { pending } = await page.evaluate(() => window.tabs.clearOrigin());
    figures.wrong.push(...pending.map((name) => `${name} could not be deleted`));
    this.#idle.push(page);
  }

  async #openPage(): Promise<Page> {
    const { port } = this.#server!.httpServer!.address() as AddressInfo; // open() came first
    const page = await this.#context!.newPage();
    await page.goto(`http://localhost:${port}/${pagePath}`, { timeout: SILENCE_MS });
    await page.waitForFunction(() => 'tabs' in window, undefined, { timeout: SILENCE_MS });
    return page;
  }
}

/** What each tab does, and at which of its computations it is closed. */
function worksOf(schedule: Schedule, memory: string): { work: Work; closeAt: number | undefined }[] {
  const { seed, calls, keys, lanes, abortedPercent, mixedPercent, closed, clears } = schedule;
  const random = randomFrom(seed ^ 0x5eed);
  return Array.from({ length: schedule.tabs }, (_, tab) => ({
    work: {
      memory,
      seed: seed * 100 + tab,
      ...{ calls, keys, lanes, abortedPercent, mixedPercent },
      // Every other tab asks the store each time.
      memoryTierBytes: tab % 2 === 0 ? 0 : 8 * 2 ** 20,
      ...(tab < clears && { clearAt: Math.ceil(random() * calls) }),
    },
    closeAt: tab < closed ? 1 + Math.floor((random() * keys) / schedule.tabs) : undefined,
  }));
}

function figuresOf(all: readonly WorkDone[], ledger: TabLedger): ScheduleFigures {
  const sum = (of: (done: WorkDone) => number): number => all.reduce((total, done) => total + of(done), 0);
  return {
    completed: sum(({ completed }) => completed),
    aborted: sum(({ aborted }) => aborted),
    mixed: sum(({ mixed }) => mixed),
    hits: sum(({ hits }) => hits),
    computations: ledger.computations,
    closed: ledger.closed,
    again: ledger.again,
    verified: 0,
    ms: 0,
    wrong: all.flatMap(({ wrong }) => wrong),
  };
}
