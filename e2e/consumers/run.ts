/** `npm run consumers [tool…]`: the packed package in the tools that people use, each driven in a real Chromium. */

import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { getBrowser } from '../../scripts/browsers.ts';
import { type Consumer, consumers, type Run } from './consumers.ts';
import { drive, problemsOf } from './drive.ts';
import { build, pack, prepare, serveDevelopment } from './prepare.ts';
import { serveFolder } from './serve.ts';
import { type Result, writeTables } from './table.ts';

const firstPort = Number(process.env.KEEPSAKE_E2E_PORT ?? 5183) + 10;
let runs = 0;

async function answers(url: string): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; ) {
    const isThere = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Nothing answers at ${url}`);
}

/** With all that it has started. */
function end({ pid, exitCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGTERM');
}

/** Each run has a port, and with it an origin, of its own. */
async function tryRun(
  context: BrowserContext,
  folder: string,
  consumer: Consumer,
  run: Run,
): Promise<string[]> {
  const port = firstPort + runs++;
  const { host = 'localhost', base = '/' } = run.served ?? {};
  const url = `http://${host}:${port}${base}`;
  if (run.name === 'development') {
    const server = serveDevelopment(folder, run, port);
    try {
      await answers(url);
      return problemsOf(await drive(context, url), run);
    } finally {
      end(server);
    }
  }
  build(folder, run);
  const server = await serveFolder(join(folder, consumer.folder ?? 'dist'), port, run.served);
  try {
    return problemsOf(await drive(context, url), run);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const describe = ({ title }: Consumer, { name, about, hasPlugin, hasLine }: Run): string =>
  [title, name, hasPlugin && 'plugin', hasLine && 'with its line', about].filter(Boolean).join(', ');

async function tryAll(chosen: readonly Consumer[], context: BrowserContext): Promise<Result[]> {
  const results: Result[] = [];
  for (const consumer of chosen) {
    const folder = prepare(consumer);
    for (const run of consumer.runs) {
      const problems = await tryRun(context, folder, consumer, run).catch((error: Error) => [error.message]);
      console.log(`${problems.length > 0 ? '✗' : '✓'} ${describe(consumer, run)}`);
      for (const problem of problems) console.log(`    ${problem}`);
      results.push({ consumer, run, problems });
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

const failed = results.filter(({ problems }) => problems.length > 0).length;
const passed = results.length - failed;
mkdirSync('reports', { recursive: true });
writeFileSync('reports/consumers.json', JSON.stringify({ numPassedTests: passed, numFailedTests: failed }));
if (wanted.length === 0) writeTables(results);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
