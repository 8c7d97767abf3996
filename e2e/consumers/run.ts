/** `npm run consumers [tool…]`: the packed package in the tools that people use, each driven in a real Chromium. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { getBrowser } from '../../scripts/browsers.ts';
import { type Consumer, consumers, type Run } from './consumers.ts';
import { drive, problemsOf } from './drive.ts';
import { build, pack, prepare, serveDevelopment } from './prepare.ts';
import { freePort, serveFolder } from './serve.ts';
import { type Result, writeTables } from './table.ts';

let nextPort = Number(process.env.KEEPSAKE_E2E_PORT ?? 5183) + 10;

async function answers(url: string): Promise<void> {
  for (const until = Date.now() + 180_000; Date.now() < until; ) {
    const isThere = await fetch(url, { signal: AbortSignal.timeout(60_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Nothing answers at ${url}`);
}

/** Each run has a port, and with it an origin, of its own. */
async function tryRun(
  context: BrowserContext,
  folder: string,
  consumer: Consumer,
  run: Run,
): Promise<string[]> {
  const port = await freePort(nextPort);
  nextPort = port + 1;
  const { host = 'localhost', base = '/' } = run.served ?? {};
  const url = `http://${host}:${port}${base}`;
  if (run.name === 'development') {
    const server = serveDevelopment(folder, run, port);
    try {
      await answers(url);
      return problemsOf(await drive(context, url, run, folder), run);
    } catch (error) {
      throw new Error(`${error}\n${server.output()}`, { cause: error });
    } finally {
      await server.end();
    }
  }
  build(folder, run);
  const server = await serveFolder(join(folder, consumer.folder ?? 'dist'), port, run.served);
  try {
    return problemsOf(await drive(context, url, run, folder), run);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const describe = ({ title }: Consumer, { name, about, hasPlugin, hasLine }: Run): string =>
  [title, name, hasPlugin && 'plugin', hasLine && 'with its line', about].filter(Boolean).join(', ');

function print(mark: string, name: string, problems: readonly string[]): void {
  console.log(`${mark} ${name}`);
  for (const problem of problems) console.log(`    ${problem}`);
}

/** Browsers and servers of others fail by themselves now and then: a second try decides, and is counted. */
async function tryTwice(
  context: BrowserContext,
  folder: string,
  consumer: Consumer,
  run: Run,
): Promise<Result> {
  const name = describe(consumer, run);
  const attempt = (): Promise<string[]> =>
    tryRun(context, folder, consumer, run).catch((error: Error) => [error.message]);
  const first = await attempt();
  if (first.length > 0) print('… once more:', name, first);
  const problems = first.length > 0 ? await attempt() : first;
  print(problems.length > 0 ? '✗' : '✓', name, problems);
  return { consumer, run, name, problems, isSecondTry: first.length > 0 };
}

async function tryAll(chosen: readonly Consumer[], context: BrowserContext): Promise<Result[]> {
  const results: Result[] = [];
  for (const consumer of chosen) {
    try {
      const folder = prepare(consumer);
      for (const run of consumer.runs) results.push(await tryTwice(context, folder, consumer, run));
    } catch (error) {
      const problems = [`It is not installed: ${error}`];
      print('✗', consumer.title, problems);
      const isSecondTry = false;
      results.push(
        ...consumer.runs.map((run) => ({
          consumer,
          run,
          name: describe(consumer, run),
          problems,
          isSecondTry,
        })),
      );
    }
  }
  return results;
}

const wanted = process.argv.slice(2);
const isLocal = wanted.includes('local');
const chosen = consumers.filter(
  (each) => wanted.length === 0 || wanted.includes(each.tool) || (isLocal && each.isLocal),
);
const profile = mkdtempSync(join(tmpdir(), 'keepsake-'));
const launch = getBrowser('chromium');
const context = await chromium.launchPersistentContext(profile, {
  ...launch,
  args: [...launch.args, '--host-resolver-rules=MAP *.test 127.0.0.1'],
});
pack();
const results = await tryAll(chosen, context);
await context.close();
rmSync(profile, { recursive: true, force: true });

const failures = results.filter(({ problems }) => problems.length > 0);
const counts = { numPassedTests: results.length - failures.length, numFailedTests: failures.length };
const report = {
  ...counts,
  failures: failures.map(({ name, problems }) => ({ name, message: problems.join('\n') })),
};
mkdirSync('reports', { recursive: true });
writeFileSync('reports/consumers.json', JSON.stringify(report));
if (wanted.length === 0) writeTables(results);
const again = results.filter(({ isSecondTry, problems }) => isSecondTry && problems.length === 0).length;
if (again > 0) console.log(`\n${again} only at the second try`);
console.log(`\n${counts.numPassedTests} passed, ${counts.numFailedTests} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
