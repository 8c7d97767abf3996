/** Kills a real browser in the middle of its work, again and again, and asks each time what is left. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, firefox, type Page } from '@playwright/test';
import { createServer, type Plugin, type ViteDevServer } from 'vite';
import { type BrowserName, getBrowser } from '../../scripts/browsers.ts';
import { randomFrom } from './random.ts';

export interface KillOptions {
  readonly browser: BrowserName;
  readonly rounds: number;
  readonly seed: number;
  /** No new round begins after so long. */
  readonly limitMs?: number;
  log?(line: string): void;
}

/** What all rounds together showed. */
export interface KillFigures {
  rounds: number;
  /** Values asked for after a kill. */
  verified: number;
  hits: number;
  misses: number;
  /** Entries that were reported stored before a kill and were asked for after it. */
  committed: number;
  /** Must stay empty. */
  readonly wrong: string[];
  readonly lost: string[];
  readonly leftovers: string[];
  /** Entries that were found damaged and computed anew. */
  damaged: number;
  /** Files that sweeps removed. */
  orphans: number;
  /** Kills after which there was a new, empty database, though the page never deletes one: told apart from lost entries. */
  databasesLost: number;
}

/** Longest stretch of work before the kill. */
const LONGEST_MS = 1_500;

const types = { chromium, firefox };
const configFile = fileURLToPath(new URL('../pages/vite.config.ts', import.meta.url));

/** What the page said it had stored, and not begun to delete since. */
class Ledger {
  readonly #stored = new Set<number>();
  readonly #leaving = new Set<number>();

  get stored(): ReadonlySet<number> {
    return this.#stored;
  }

  hear(what: string, seed: number): void {
    if (what === 'stored' && !this.#leaving.has(seed)) this.#stored.add(seed);
    if (what === 'deleting') {
      this.#stored.delete(seed);
      this.#leaving.add(seed);
    }
    if (what === 'deleted') this.#leaving.delete(seed);
  }

  /** After a kill no deletion is under way any more. */
  settle(): void {
    this.#leaving.clear();
  }
}

const listenTo = (ledger: Ledger): Plugin => ({
  name: 'kill-reports',
  configureServer(server) {
    server.middlewares.use('/kill-report', (request, response) => {
      const query = new URL(request.url ?? '', 'http://localhost').searchParams;
      ledger.hear(query.get('what') ?? '', Number(query.get('seed')));
      response.end();
    });
  },
});

/** The browser's main process on this profile: the one that no other of its processes is the parent of. */
function mainProcess(profile: string): number {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const own = lines.filter(
    (line) => line.includes(profile) && !/--type=|-contentproc|firefox-shim|\bps -eo/.test(line),
  );
  const [first] = own.map((line) => Number.parseInt(line, 10));
  if (first === undefined) throw new Error(`No browser runs on ${profile}`);
  return first;
}

class KillRun {
  readonly #options: KillOptions;
  readonly #profile = mkdtempSync(join(tmpdir(), 'keepsake-kill-'));
  readonly #ledger = new Ledger();
  /** When the database was made that was there last time. */
  #madeAt: number | undefined;
  readonly #figures: KillFigures = {
    rounds: 0,
    verified: 0,
    hits: 0,
    misses: 0,
    committed: 0,
    wrong: [],
    lost: [],
    leftovers: [],
    damaged: 0,
    orphans: 0,
    databasesLost: 0,
  };

  constructor(options: KillOptions) {
    this.#options = options;
  }

  async run(): Promise<KillFigures> {
    const { rounds, seed, limitMs = Number.POSITIVE_INFINITY } = this.#options;
    const server = await createServer({
      configFile,
      plugins: [listenTo(this.#ledger)],
      server: { port: 0 },
      logLevel: 'error',
    });
    await server.listen();
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
    return this.#figures;
  }

  async #round(server: ViteDevServer, round: number, random: () => number): Promise<void> {
    const context = await this.#launch();
    const gone = new Promise((resolve) => context.on('close', resolve));
    const page = await this.#open(server, context);
    if (round > 0) await this.#verify(page, `round ${round}`);
    const workMs = Math.round(50 + random() * LONGEST_MS);
    await page.evaluate((seed) => window.kill.work(seed), this.#options.seed + round);
    await new Promise((resolve) => setTimeout(resolve, workMs));
    process.kill(mainProcess(this.#profile), 'SIGKILL');
    await gone;
    this.#ledger.settle();
    this.#figures.rounds += 1;
    this.#options.log?.(`round ${round + 1}: killed after ${workMs} ms, ${this.#ledger.stored.size} stored`);
  }

  #launch(): Promise<BrowserContext> {
    const { browser } = this.#options;
    return types[browser].launchPersistentContext(this.#profile, getBrowser(browser));
  }

  async #open(server: ViteDevServer, context: BrowserContext): Promise<Page> {
    const { port } = server.httpServer!.address() as AddressInfo; // it was started, and listens on a port
    const page = context.pages()[0] ?? (await context.newPage());
    // The same origin in every round; its port is the server's for the whole run.
    await page.goto(`http://localhost:${port}/e2e/pages/kill.html`);
    await page.waitForFunction(() => 'kill' in window);
    return page;
  }

  async #verify(page: Page, when: string): Promise<void> {
    const figures = this.#figures;
    const expected = new Set(this.#ledger.stored);
    const lost: string[] = [];
    const { verified, damaged } = await page.evaluate(() => window.kill.verify());
    figures.damaged += damaged;
    figures.committed += expected.size;
    for (const { seed, how, isRight } of verified) {
      figures.verified += 1;
      figures[how === 'hit' ? 'hits' : 'misses'] += 1;
      if (!isRight) figures.wrong.push(`${when}: ${seed}`);
      if (how === 'computed' && expected.has(seed)) lost.push(`${when}: ${seed}`);
    }
    const { files, swept, madeAt } = await page.evaluate(() => window.kill.leftovers());
    if (this.#madeAt !== undefined && madeAt !== this.#madeAt) figures.databasesLost += 1;
    else figures.lost.push(...lost);
    this.#madeAt = madeAt;
    figures.orphans += (swept as { orphans: number }).orphans; // what a 'swept' event tells
    figures.leftovers.push(...files.map((file) => `${when}: ${file}`));
  }
}

/** Runs the rounds on one profile. */
export const killRounds = (options: KillOptions): Promise<KillFigures> => new KillRun(options).run();
