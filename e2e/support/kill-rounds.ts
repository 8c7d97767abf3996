/** Kills a real browser in the middle of its work, again and again, and asks each time what is left. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, firefox, type Page } from '@playwright/test';
import { build, type Plugin, type PreviewServer, preview } from 'vite';
import { type BrowserName, getBrowser } from '../../scripts/browsers.ts';
import type { Leftovers } from '../pages/kill-work.ts';
import { Ledger } from './kill-ledger.ts';
import { mainProcess } from './main-process.ts';
import { randomFrom } from './random.ts';

export interface KillOptions {
  readonly browser: BrowserName;
  readonly rounds: number;
  readonly seed: number;
  /** The same work on a bare database, without keepsake. */
  readonly isControl?: boolean;
  /** No new round begins after so long. */
  readonly limitMs?: number;
  /** Where Chromium's databases go as a kill left them, when it throws them away at the next start. */
  readonly evidence?: string;
  log?(line: string): void;
}

/** What all rounds together showed. */
export interface KillFigures {
  rounds: number;
  /** Values asked for after a kill. */
  verified: number;
  hits: number;
  /** Entries that were reported stored before a kill and were asked for after it. */
  committed: number;
  /** Must stay empty. */
  readonly wrong: string[];
  readonly lost: string[];
  readonly leftovers: string[];
  /** Entries that were found damaged and computed anew. */
  damaged: number;
  /** Flushes of mapped results, and segments compacted, while it worked. */
  flushes: number;
  compacted: number;
  /** Files that sweeps removed. */
  orphans: number;
  /** Entries that sweeps removed, as their files were gone. */
  fileless: number;
  /**
   * Kills after which the browser had thrown away all databases of the origin, among them one that the page makes once
   * and never touches again: told apart from lost entries. Each with what the browser says of it.
   */
  readonly databasesLost: string[];
}

/** Longest stretch of work before the kill, in what the page says: a slow machine works as much. Then up to so long. */
const MOST_REPORTS = 30;
const LONGEST_MS = 300;
/** A browser that was killed starts slowly on a busy machine. */
const PATIENCE_MS = 120_000;

const types = { chromium, firefox };
const pages = ['kill', 'kill-control'] as const;
const configFile = fileURLToPath(new URL('../pages/vite.config.ts', import.meta.url));

const listenTo = (ledger: Ledger): Plugin => ({
  name: 'kill-reports',
  configurePreviewServer(server) {
    server.middlewares.use('/kill-report', (request, response) => {
      const query = new URL(request.url ?? '', 'http://localhost').searchParams;
      ledger.hear(query.get('what') ?? '', Number(query.get('value')), Number(query.get('generation')));
      response.end();
    });
  },
});

/** Serves the pages built, in few files: each start of a browser loads them anew. */
async function serve(ledger: Ledger, outDir: string): Promise<PreviewServer> {
  const input = pages.map((page) => fileURLToPath(new URL(`../pages/${page}.html`, import.meta.url)));
  const logLevel = 'error';
  await build({ configFile, logLevel, build: { outDir, target: 'esnext', rolldownOptions: { input } } });
  const plugins = [listenTo(ledger)];
  return preview({
    configFile,
    logLevel,
    plugins,
    build: { outDir },
    preview: { port: 0, strictPort: false },
  });
}

class KillRun {
  readonly #options: KillOptions;
  readonly #profile = mkdtempSync(join(tmpdir(), 'keepsake-kill-'));
  /** Chromium's databases, and a copy from before the last start. */
  readonly #databases = join(this.#profile, 'Default', 'IndexedDB');
  readonly #databasesBefore = join(this.#profile, 'databases-before');
  readonly #ledger = new Ledger();
  /** When the databases were made that were there last time. */
  #made: Pick<Leftovers, 'madeAt' | 'witness'> | undefined;
  readonly #figures: KillFigures = {
    rounds: 0,
    verified: 0,
    hits: 0,
    committed: 0,
    wrong: [],
    lost: [],
    leftovers: [],
    damaged: 0,
    flushes: 0,
    compacted: 0,
    orphans: 0,
    fileless: 0,
    databasesLost: [],
  };

  constructor(options: KillOptions) {
    this.#options = options;
  }

  async run(): Promise<KillFigures> {
    const { rounds, seed, limitMs = Number.POSITIVE_INFINITY } = this.#options;
    const server = await serve(this.#ledger, join(this.#profile, 'pages'));
    const random = randomFrom(seed);
    const start = performance.now();
    try {
      for (let round = 0; round < rounds && performance.now() - start < limitMs; round += 1)
        await this.#round(server, round, random);
      const context = await this.#launch();
      await this.#verify(await this.#open(server, context), 'the end');
      await context.close();
    } finally {
      await server.close();
      rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
    return { ...this.#figures, ...this.#ledger.counts };
  }

  async #round(server: PreviewServer, round: number, random: () => number): Promise<void> {
    const context = await this.#launch();
    const gone = new Promise((resolve) => context.on('close', resolve));
    const page = await this.#open(server, context);
    if (round > 0) await this.#verify(page, `round ${round}`);
    const reports = 1 + Math.floor(random() * MOST_REPORTS);
    const heard = this.#ledger.hears(reports);
    await page.evaluate((seed) => window.kill.work(seed), this.#options.seed + round);
    // The longest wait is not waited for at the end of the run.
    await Promise.race([heard, setTimeout(PATIENCE_MS, undefined, { ref: false })]);
    await setTimeout(random() * LONGEST_MS);
    process.kill(mainProcess(this.#profile), 'SIGKILL');
    await gone;
    this.#ledger.settle();
    this.#figures.rounds += 1;
    this.#options.log?.(
      `round ${round + 1}: killed after ${reports} reports, ${this.#ledger.stored.size} stored`,
    );
  }

  #launch(): Promise<BrowserContext> {
    const { browser, evidence } = this.#options;
    if (evidence !== undefined && existsSync(this.#databases)) {
      rmSync(this.#databasesBefore, { recursive: true, force: true });
      cpSync(this.#databases, this.#databasesBefore, { recursive: true });
    }
    return types[browser].launchPersistentContext(this.#profile, getBrowser(browser));
  }

  async #open(server: PreviewServer, context: BrowserContext): Promise<Page> {
    const { port } = server.httpServer!.address() as AddressInfo; // it was started, and listens on a port
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(PATIENCE_MS);
    // The same origin in every round; its port is the server's for the whole run.
    await page.goto(
      `http://localhost:${port}/e2e/pages/${this.#options.isControl ? 'kill-control' : 'kill'}.html`,
    );
    await page.waitForFunction(() => 'kill' in window);
    return page;
  }

  async #verify(page: Page, when: string): Promise<void> {
    const figures = this.#figures;
    const stored = new Set(this.#ledger.stored); // what is computed now is reported stored, too
    const { verified, written, damaged } = await page.evaluate(() => window.kill.verify());
    figures.damaged += damaged;
    figures.committed += stored.size;
    figures.verified += verified.length + written.length;
    figures.hits += verified.filter(({ how }) => how === 'hit').length;
    const wrong = [
      ...verified.filter(({ isRight }) => !isRight).map(({ seed }) => seed),
      ...written.filter((each) => !this.#ledger.isRight(each)).map(({ array }) => `array ${array}`),
    ];
    figures.wrong.push(...wrong.map((each) => `${when}: ${each}`));
    const lost = this.#ledger.lostOf({ verified, written }, stored).map((each) => `${when}: ${each}`);
    const left = await page.evaluate(() => window.kill.leftovers());
    if (!this.#isAllLost(left, when)) figures.lost.push(...lost);
    figures.orphans += left.orphans;
    figures.fileless += left.entries;
    figures.leftovers.push(...left.files.map((file) => `${when}: ${file}`));
  }

  /** Whether the browser made all databases anew: one of them alone is a loss of ours. */
  #isAllLost({ madeAt, witness }: Leftovers, when: string): boolean {
    const before = this.#made;
    this.#made = { madeAt, witness };
    if (!before || madeAt === before.madeAt || witness.madeAt === before.witness.madeAt) return false;
    this.#figures.databasesLost.push(`${when}: ${witness.dataLoss}`);
    const { evidence, seed } = this.#options;
    if (evidence !== undefined && existsSync(this.#databasesBefore))
      cpSync(this.#databasesBefore, join(evidence, `${seed}, ${when}`), { recursive: true });
    return true;
  }
}

/** Runs the rounds on one profile. */
export const killRounds = (options: KillOptions): Promise<KillFigures> => new KillRun(options).run();
