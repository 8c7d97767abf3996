/** `npm run consumers [tool…]`: the packed package in the tools that people use, each driven in a real Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { getBrowser } from '../../scripts/browsers.ts';
import { type Consumer, consumers, type Run } from './consumers.ts';
import { drive, problemsOf } from './drive.ts';
import { build, pack, prepare, serveDevelopment } from './prepare.ts';
import { serveFolder } from './serve.ts';

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
      if (server.pid !== undefined) process.kill(-server.pid, 'SIGTERM');
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

const wanted = process.argv.slice(2);
const chosen = consumers.filter(
  ({ tool, isLocal }) =>
    wanted.length === 0 || wanted.includes(tool) || (wanted.includes('local') && isLocal),
);
const profile = mkdtempSync(join(tmpdir(), 'keepsake-'));
const launch = getBrowser('chromium');
const context = await chromium.launchPersistentContext(profile, {
  ...launch,
  args: [...launch.args, '--host-resolver-rules=MAP *.test 127.0.0.1'],
});
pack();
let failed = 0;
for (const consumer of chosen) {
  const folder = prepare(consumer);
  for (const run of consumer.runs) {
    const problems = await tryRun(context, folder, consumer, run).catch((error: Error) => [error.message]);
    console.log(`${problems.length > 0 ? '✗' : '✓'} ${describe(consumer, run)}`);
    for (const problem of problems) console.log(`    ${problem}`);
    failed += problems.length > 0 ? 1 : 0;
  }
}
await context.close();
rmSync(profile, { recursive: true, force: true });
console.log(`\n${runs - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
