/** Makes calls in the built app, and writes the pack of their results into the output. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { BuiltApp, type BuiltFiles, LAST_PACK, NEW_PACK } from './built-app.ts';
import { bytes, countOf, seconds } from './figures.ts';
import type { LastPack } from './last-pack.ts';
import { withPage } from './open-browser.ts';
import { type CallsMade, makeCalls } from './page-calls.ts';
import type { ResolvedWarm } from './warm-options.ts';

export interface PackToMake extends Pick<BuiltFiles, 'folders' | 'base' | 'pages' | 'headers'> {
  /** The project's. */
  readonly root: string;
  /** The page that makes the calls, below the base. */
  readonly page: string;
  /** Where the pack belongs. */
  readonly outDir: string;
  readonly last: LastPack;
  readonly options: ResolvedWarm;
  log(line: string): void;
  warn(line: string): void;
}

/** @throws Error for a call that threw or took too long, and for a pack that is too large; the pack is not written then */
export async function makePack(toMake: PackToMake): Promise<void> {
  const start = performance.now();
  const { root, options, last, outDir, page, base, log, warn } = toMake;
  const folder = mkdtempSync(join(tmpdir(), 'keepsake-warm-'));
  const fresh = join(folder, 'new.pack');
  const before = last.file;
  const app = new BuiltApp({ ...toMake, pack: fresh, last: before });
  try {
    const origin = await app.listen();
    const order = {
      ...(before !== undefined && { last: LAST_PACK }),
      within: last.within,
      target: NEW_PACK,
    };
    const made = await withPage(root, options.browser, (opened) =>
      makeCalls(opened, { url: `${origin}${base}${page}`, order, timeoutMs: options.timeoutMs, log }),
    );
    // Whatever is wrong with the rest, this need not be computed again.
    last.keep(fresh, made.within);
    for (const line of unpackedLines(made)) warn(line);
    if (made.errors.length > 0) throw new Error(`Calls failed: ${made.errors.slice(0, 5).join('; ')}`);
    const { size } = statSync(fresh);
    if (size > options.maxBytes) throw new Error(tooLarge(made, size, options.maxBytes));
    const target = join(outDir, options.pack);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(fresh, target);
    log(summary(made, { target: relative(root, target), size, ms: performance.now() - start }));
  } finally {
    app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Made {
  readonly target: string;
  readonly size: number;
  readonly ms: number;
}

const sumOf = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0);

function summary(made: CallsMade, { target, size, ms }: Made): string {
  const times = new Map<string, number[]>();
  for (const each of made.computed)
    times.set(each.functionId, [...(times.get(each.functionId) ?? []), each.computeMs]);
  const names = [...times].map(([id, all]) => `${id} ${all.length} in ${seconds(sumOf(all))}`).join(', ');
  return [
    `${target}: ${countOf(sumOf(made.functions.map(({ entries }) => entries)), 'result')}, ${bytes(size)}`,
    `${countOf(made.calls, 'call')}, ${made.computed.length} computed${names && ` (${names})`}`,
    ...(made.leftOut > 0 ? [`${made.leftOut} of the last pack left out`] : []),
    `${seconds(ms)} in all`,
  ].join('; ');
}

function unpackedLines({ unpacked }: CallsMade): string[] {
  const counts = new Map<string, number>();
  for (const { functionId, reason } of unpacked) {
    const line = `${functionId}: ${reason}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => `${countOf(count, 'result')} not in the pack: ${line}`);
}

function tooLarge({ functions }: CallsMade, size: number, maxBytes: number): string {
  const largest = [...functions].sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  const names = largest.map((each) => `${each.functionId} ${bytes(each.bytes)}`).join(', ');
  return `The pack has ${bytes(size)}, and "maxBytes" is ${bytes(maxBytes)}: ${names}`;
}
