import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
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
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
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

test('"keepsake --version" prints the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(keepsake('--version')).toEqual({ status: 0, output: version });
});

describe('"keepsake fingerprint"', () => {
  const write = (files: Files): void => {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
  };
  const versions = async (): Promise<Record<string, string>> => {
    const text = readFileSync(join(folder, 'src/generated/memo-versions.ts'), 'utf8');
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  };

  test('writes a version for each cached function that the entry reaches, in whatever way', async () => {
    write({
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } } // with a comment',
      'src/memory.ts': "import { Memory } from 'keepsake';\nexport const memory = new Memory();\n",
      'src/main.ts':
        "import './sim.js';\nimport { outer } from '@/outer';\nvoid import('./lazy');\nouter(1);\n",
      'src/scale.ts': 'export const scale = 2;\n',
      'src/sim.ts':
        "import { memory } from './memory';\nimport { scale } from './scale';\nimport { versions } from './generated/memo-versions';\nexport const sim = memory.cache((x: number) => x * scale, { version: versions['src/sim.ts#sim'] });\n",
      'src/outer.ts':
        "import { memory } from './memory';\nimport { sim } from './sim';\nexport const outer = memory.cache((x: number) => sim(x));\n",
      'src/lazy.ts':
        "import { memory } from './memory';\nexport const make = (k: number) => memory.cache((x: number) => x * k);\n",
    });
    const run = () => keepsake('fingerprint', 'src/main.ts', '--out', 'src/generated');
    const first = run();
    expect(first.status).toBe(0);
    expect(first.output).toContain('src/lazy.ts#make has no version: it captures variables');
    expect(first.output).toContain('with versions of 2 cached functions');
    const before = await versions();
    expect(Object.keys(before).sort()).toEqual(['src/outer.ts#outer', 'src/sim.ts#sim']);
    run();
    expect(await versions()).toEqual(before);
    write({ 'src/scale.ts': 'export const scale = 3;\n' });
    run();
    const after = await versions();
    expect(after['src/sim.ts#sim']).not.toBe(before['src/sim.ts#sim']);
    expect(after['src/outer.ts#outer']).not.toBe(before['src/outer.ts#outer']);
  });

  test('says how it is used', () => {
    expect(keepsake('fingerprint').status).toBe(2);
    expect(keepsake('fingerprint', 'none.ts').status).toBe(2);
    expect(keepsake('--help')).toMatchObject({
      status: 0,
      output: expect.stringContaining('keepsake fingerprint <entry>'),
    });
  });
});
