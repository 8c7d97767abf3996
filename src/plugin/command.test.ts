import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { analyseFiles, type Files } from './scenarios/analyse-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'keepsake-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function writeManifest(name: string, files: Files): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify((await analyseFiles(files)).manifest));
  return path;
}

function keepsake(...args: string[]): { status: number | null; output: string } {
  const command = fileURLToPath(new URL('./command.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
  return { status, output: (stdout + stderr).replaceAll(folder, '').trim() };
}

const helper = 'export const scale = 2;\nexport function help(x: number) {\n  return x * scale;\n}\n';
const main = `import { memory } from './memory';
import { help } from './helper';
export const sim = memory.cache((x: number) => help(x));
export const plain = memory.cache((x: number) => x);
`;

test('"keepsake diff" names the functions that lose their cache and the declaration that did it', async () => {
  const older = await writeManifest('old.json', { 'main.ts': main, 'helper.ts': helper });
  const edited = `${main.replace('plain', 'renamed')}export const added = memory.cache(() => 1);\n`;
  const newer = await writeManifest('new.json', {
    'main.ts': edited,
    'helper.ts': helper.replace('= 2', '= 3'),
  });
  expect(keepsake('diff', older, newer)).toEqual({
    status: 0,
    output: [
      'main.ts#sim loses its cache:',
      '  helper.ts#scale changed',
      'main.ts#plain is now main.ts#renamed and keeps its cache',
      'main.ts#added is new',
      '1 of 2 functions lose their cache',
    ].join('\n'),
  });
});

test('"keepsake diff" says what is wrong with a file', () => {
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{"format":99,"functions":{}}');
  expect(keepsake('diff', broken, broken)).toEqual({
    status: 2,
    output: 'Cannot read /broken.json: Manifest format 99 is not readable, only 2',
  });
  expect(keepsake('diff', join(folder, 'none.json'), broken).status).toBe(2);
  expect(keepsake('compare').output).toContain('Usage: keepsake diff <old.json> <new.json>');
});
