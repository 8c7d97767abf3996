/**
 * Tries the values of real libraries (e2e/values) in a real browser, in two page loads, and writes the table of
 * docs/values.md. `--check` only compares; `--only text` tries the packages whose name holds it, and writes nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import type { Outcome, Row } from '../e2e/values/rows.ts';
import { getBrowser } from './browsers.ts';

const folder = 'e2e/values';
const page = 'docs/values.md';
const port = Number(process.env.KEEPSAKE_E2E_PORT ?? 5290);
const marks = ['<!-- values: begin -->', '<!-- values: end -->'] as const;

function install(): void {
  if (existsSync(`${folder}/node_modules`)) return;
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`The packages of ${folder} cannot be installed`);
}

/** One page load in a browser of its own, on the same profile. */
async function visit(profile: string, url: string): Promise<Row[]> {
  const context = await chromium.launchPersistentContext(profile, {
    ...getBrowser('chromium'),
    headless: true,
  });
  try {
    const tab = context.pages()[0] ?? (await context.newPage());
    tab.on('pageerror', (error) => console.error(error));
    await tab.goto(url);
    await tab.waitForFunction(() => document.title === 'ready', undefined, { timeout: 60_000 });
    return await tab.evaluate('tryAll("values")');
  } finally {
    await context.close();
  }
}

const symbols = { hit: 'hits', refused: 'refused, and says so', told: 'computed each time, and says so' };

/** The two visits of one use as a cell. */
function cell(first: Outcome, second: Outcome): string {
  const worst = [first, second].find(({ verdict }) => verdict === 'WRONG' || verdict === 'SILENT');
  if (worst) return `**${worst.verdict}**`;
  if (first.verdict !== second.verdict) return '**CHANGES**';
  if (first.verdict === 'hit' && !second.isFirstHit) return '**NOT AFTER A RELOAD**';
  return symbols[first.verdict as keyof typeof symbols]; // the others are above
}

interface Line {
  readonly row: Row;
  readonly argument: string;
  readonly result: string;
}

const linesOf = (first: readonly Row[], second: readonly Row[]): Line[] =>
  first.flatMap((row, at) => {
    const again = second[at];
    if (!again) return [];
    return [{ row, argument: cell(row.argument, again.argument), result: cell(row.result, again.result) }];
  });

const isBad = ({ argument, result }: Line): boolean => argument.startsWith('**') || result.startsWith('**');

function tableOf(lines: readonly Line[]): string {
  const shown = lines.filter(({ row }) => !row.package.endsWith('-old'));
  const rows = shown.map(({ row, argument, result }) => {
    const codec = row.withCodecs
      ? `\`${row.line}\`${row.entry && ` of \`keepsake/codecs/${row.entry}\``}`
      : '';
    return `| ${row.package} | ${row.what} | ${codec} | ${argument} | ${result} |`;
  });
  return ['| package | values | codec | as argument | as result |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function write(table: string, isCheck: boolean): boolean {
  const text = readFileSync(page, 'utf8');
  const [before = '', rest = ''] = text.split(marks[0]);
  const after = rest.split(marks[1])[1] ?? '';
  const next = `${before}${marks[0]}\n\n${table}\n\n${marks[1]}${after}`;
  if (!isCheck) writeFileSync(page, next);
  return next === text;
}

install();
await build({ configFile: `${folder}/vite.config.ts`, logLevel: 'warn' });
const server = await preview({ configFile: `${folder}/vite.config.ts`, preview: { port, strictPort: true } });
const profile = mkdtempSync(join(tmpdir(), 'keepsake-values-'));
try {
  const url = `http://localhost:${port}/`;
  const lines = linesOf(await visit(profile, url), await visit(profile, url));
  const packages = new Set(lines.map(({ row }) => row.package.replace(/-old$/, '')));
  for (const line of lines) {
    const { row, argument, result } = line;
    const { note } = argument.startsWith('**') ? row.argument : row.result;
    if (isBad(line))
      console.error(
        `${row.package} ${row.what} ${row.withCodecs ? row.line : ''}: ${argument}, ${result}: ${note}`,
      );
  }
  const isSame = write(tableOf(lines), process.argv.includes('--check'));
  console.log(`${lines.length} rows of ${packages.size} packages, ${lines.filter(isBad).length} not right`);
  if (!isSame && process.argv.includes('--check')) console.error(`${page} is not what this run says`);
  process.exitCode = lines.some(isBad) || (process.argv.includes('--check') && !isSame) ? 1 : 0;
} finally {
  await server.close();
  rmSync(profile, { recursive: true, force: true });
}
