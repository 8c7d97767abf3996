/** The tables of docs/tools.md, from what a run of all consumers came to. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Consumer, Run } from './consumers.ts';

export interface Result {
  readonly consumer: Consumer;
  readonly run: Run;
  readonly name: string;
  readonly problems: readonly string[];
  /** The first one failed. */
  readonly isSecondTry: boolean;
}

const file = fileURLToPath(new URL('../../docs/tools.md', import.meta.url));

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The tier that was found, and what it takes. */
function cell(results: readonly Result[], name: Run['name'], hasPlugin: boolean): string {
  const own = results.filter(({ run }) => run.name === name && (run.hasPlugin ?? false) === hasPlugin);
  const best = own.find(({ run }) => run.hasLine) ?? own[0];
  if (!best) return '–';
  if (own.some(({ problems }) => problems.length > 0)) return 'fails';
  return `${best.run.tier ?? 'sync'}${best.run.hasLine ? ', with the line' : ''}`;
}

function toolTable(results: readonly Result[]): string[] {
  const byTitle = Map.groupBy(results, ({ consumer }) => consumer.title);
  const rows = [...byTitle].map(([title, own]) => {
    const line = own[0]?.consumer.line;
    const cells = [
      cell(own, 'development', false),
      cell(own, 'build', false),
      cell(own, 'development', true),
      cell(own, 'build', true),
    ];
    return row(title, ...cells, line ? `\`${line}\`` : 'nothing');
  });
  const heads = [
    'tool',
    'development',
    'build',
    'development, plugin',
    'build, plugin',
    'what to write without the plugin',
  ];
  return [row(...heads), row(...heads.map(() => '---')), ...rows];
}

function setUpTable(results: readonly Result[]): string[] {
  const rows = results.map(({ consumer, run, problems }) =>
    row(
      run.about ?? consumer.title,
      problems.length > 0 ? 'fails' : (run.tier ?? 'sync'),
      run.notice ? 'one warning, with what to write' : 'nothing',
    ),
  );
  return [row('set-up', 'tier', 'console'), row('---', '---', '---'), ...rows];
}

/** Writes both tables, so that what is published is what was seen. */
export function writeTables(results: readonly Result[]): void {
  const isTool = ({ consumer }: Result): boolean => !consumer.isSetUp;
  const tables = [
    ...toolTable(results.filter(isTool)),
    '',
    ...setUpTable(results.filter((result) => !isTool(result))),
  ].join('\n');
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(
      /(<!-- consumers -->\n).*(<!-- \/consumers -->)/s,
      (_, start: string, end: string) => `${start}\n${tables}\n\n${end}`,
    ),
  );
}
