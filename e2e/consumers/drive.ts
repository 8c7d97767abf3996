/** Opens a consumer's page twice, and reads what its calls came to. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import type { Edits, Run } from './consumers.ts';

/** What shared/cached.js says. */
export interface Report {
  readonly computed: number;
  readonly isRight: boolean;
  readonly identity: string;
  readonly tier: string;
  readonly reasons: readonly string[];
}

/** One load of the page: its own report, and that of a worker of the application's, where there is one. */
export interface Load {
  readonly page: Report;
  readonly worker?: Report;
}

export interface Outcome {
  readonly first: Load;
  readonly again: Load;
  /** What keepsake said on the console in the first load, and what could not be loaded. */
  readonly notices: readonly string[];
}

/** A machine that is busy takes its time; what has to be waited for longer does not come. */
const PATIENCE_MS = 120_000;

function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} for ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function load(page: Page, url: string): Promise<Load> {
  await page.goto(url, { timeout: PATIENCE_MS });
  return within(report(page), 'The page does not report');
}

async function report(page: Page): Promise<Load> {
  await page.waitForFunction(() => 'consumer' in window, undefined, { timeout: PATIENCE_MS });
  return page.evaluate(() => Reflect.get(window, 'consumer'));
}

/**
 * Once through, and everything forgotten. A development server may reload the page when it meets a dependency for the
 * first time: what is counted afterwards is what the page does, and not what the server does.
 */
async function warmUp(page: Page, url: string): Promise<void> {
  const isReload = (error: Error): boolean => /context was destroyed|navigat/i.test(error.message);
  await page.goto(url, { timeout: PATIENCE_MS });
  const settle = async (): Promise<void> => {
    await report(page).catch((error: Error) => {
      if (!isReload(error)) throw error;
      return settle();
    });
  };
  await within(settle(), 'The page does not report to begin with');
  await page.goto('about:blank');
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes: 'all' });
  await session.detach();
}

/** Edits a file under the page, which follows; and puts it back. */
async function edit(page: Page, folder: string, { file, shows, edits }: Edits): Promise<void> {
  const path = join(folder, file);
  const original = await readFile(path, 'utf8');
  const shown = (text: string): Promise<unknown> =>
    page.waitForFunction((wanted) => document.body.innerText.includes(wanted), text, {
      timeout: PATIENCE_MS,
    });
  try {
    await shown(shows);
    let text = original;
    for (const each of edits) {
      text = text.replace(each.from, each.to);
      await writeFile(path, text);
      await shown(each.shows);
    }
  } finally {
    await writeFile(path, original);
  }
}

export async function drive(
  context: BrowserContext,
  url: string,
  run: Run,
  folder: string,
): Promise<Outcome> {
  const page = await context.newPage();
  const notices: string[] = [];
  const failures: string[] = [];
  page.on('console', (message) => {
    const text = message.text();
    if (text.startsWith('[keepsake]')) notices.push(text);
    else if (message.type() === 'error') failures.push(text);
  });
  page.on('pageerror', (error) => failures.push(String(error)));
  try {
    if (run.name === 'development') await warmUp(page, url);
    notices.length = 0;
    const first = await load(page, url);
    // It is said by the way: the page does not wait for it.
    if (run.notice && notices.length === 0)
      await page.waitForEvent('console', { timeout: 10_000 }).catch(() => undefined);
    const said = [...notices];
    const again = await load(page, url);
    if (!run.edited) return { first, again, notices: said };
    await edit(page, folder, run.edited);
    return { first, again, notices };
  } catch (error) {
    throw new Error([String(error), ...failures, ...notices].join('\n'), { cause: error });
  } finally {
    await page.close();
  }
}

/** What is wrong with an outcome; nothing, where it is as it should be. */
export function problemsOf({ first, again, notices }: Outcome, run: Run): string[] {
  const { tier = 'sync', notice, hasPlugin = false } = run;
  const workers = [first.worker, again.worker].filter((worker) => worker !== undefined);
  const pages = [first.page, again.page];
  const all = [...pages, ...workers];
  const computedAgain = all.slice(1).reduce((sum, { computed }) => sum + computed, 0);
  const isSaid = notice ? notices.length === 1 && notice.test(notices[0]!) : notices.length === 0;
  const problems: [boolean, string][] = [
    [first.page.computed !== 3, `the first load computed ${first.page.computed} of 3`],
    [computedAgain !== (tier === 'memory' ? 3 : 0), `${computedAgain} were computed again`],
    [!all.every(({ isRight }) => isRight), 'a value is wrong'],
    [
      all.some(({ identity }) => identity !== (hasPlugin ? 'plugin' : 'version')),
      `the identity is ${first.page.identity}`,
    ],
    [workers.some((worker) => worker.tier !== 'sync'), `the worker's tier is ${first.worker?.tier}`],
    [pages.some((page) => page.tier !== tier), `the tier is ${first.page.tier}: ${first.page.reasons}`],
    [!isSaid, `${notices.length} notices: ${notices.join(' | ')}`],
  ];
  return problems.filter(([isProblem]) => isProblem).map(([, what]) => what);
}
