/** Draws the graph of rooms from the code into ARCHITECTURE.md; `--check` fails where the drawing is old. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'ARCHITECTURE.md';
const [open, close] = ['<!-- room graph -->', '<!-- /room graph -->'];

interface Module {
  readonly source: string;
  readonly dependencies: readonly { readonly resolved: string }[];
}

const roomOf = (path: string): string | undefined => /^src\/([^/]+)\//.exec(path)?.[1];

function drawGraph(): string {
  const { stdout } = spawnSync(
    'depcruise',
    [
      'src',
      '--config',
      '.dependency-cruiser.js',
      '--exclude',
      '\\.test\\.ts$|^src/testing|/fixtures/|\\?',
      '--output-type',
      'json',
    ],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  const { modules }: { modules: Module[] } = JSON.parse(stdout);
  const arrows = new Set<string>();
  for (const { source, dependencies } of modules) {
    const from = source === 'src/index.ts' ? 'index' : roomOf(source);
    for (const { resolved } of dependencies) {
      const to = roomOf(resolved);
      if (from && to && from !== to) arrows.add(`  ${from} --> ${to}`);
    }
  }
  return ['```mermaid', 'flowchart TD', ...[...arrows].sort(), '```'].join('\n');
}

const text = readFileSync(file, 'utf8');
const [before, rest = ''] = text.split(open);
const [drawn = '', after = ''] = rest.split(close);
const fresh = `\n${drawGraph()}\n`;
if (!process.argv.includes('--check')) writeFileSync(file, `${before}${open}${fresh}${close}${after}`);
else if (drawn !== fresh) {
  console.error(`The room graph in ${file} is old: run "npm run graph"`);
  process.exitCode = 1;
}
