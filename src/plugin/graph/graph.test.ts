import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintOf } from '../scenarios/analyse-files.ts';
import { SUMMARY_FORMAT } from '../summary/module-summary.ts';
import { classify } from './classify.ts';
import { FileStore } from './file-store.ts';
import { matchGlob } from './glob.ts';
import { expressionOf } from './glob-pattern.ts';
import { Packages } from './packages.ts';
import { SummaryCache } from './summary-cache.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-graph-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, content: string): string {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function install(name: string, fields: object, at = 'node_modules'): void {
  write(`${at}/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', ...fields }));
  write(`${at}/${name}/index.js`, 'export const x = 1;');
}

function tokenOf(name: string): string {
  const packages = new Packages(root);
  const found = packages.findFrom(root, name);
  if (!found) throw new Error(`${name} is not installed`);
  return packages.token(found).text;
}

describe("a package's token", () => {
  beforeEach(() => {
    install('a', {
      dependencies: { b: '*' },
      peerDependencies: { c: '*' },
      optionalDependencies: { platform: '*' },
    });
    install('b', { dependencies: { a: '*' } });
    install('c', {});
    install('platform', {});
  });

  test.each([
    [
      'its own version',
      () => install('a', { version: '1.0.1', dependencies: { b: '*' }, peerDependencies: { c: '*' } }),
      true,
    ],
    ['the version of a dependency', () => install('b', { version: '2.0.0', dependencies: { a: '*' } }), true],
    ['the version of a peer', () => install('c', { version: '2.0.0' }), true],
    ['the version of an optional dependency', () => install('platform', { version: '2.0.0' }), false],
    [
      'a nested copy of a dependency',
      () => install('b', { version: '3.0.0' }, 'node_modules/a/node_modules'),
      true,
    ],
    ['an unrelated package', () => install('d', { version: '3.0.0' }), false],
    ['a patch of patch-package', () => write('patches/b+1.0.0.patch', 'diff'), true],
    ['a patch of pnpm', () => write('patches/b@1.0.0.patch', 'diff'), true],
    ['a patch of an unrelated package', () => write('patches/bb+1.0.0.patch', 'diff'), false],
  ])('follows %s', (_, change, moves) => {
    const before = tokenOf('a');
    change();
    expect(tokenOf('a') !== before).toBe(moves);
  });
});

describe('classify()', () => {
  const at = (file: string, source: string) => {
    const options = { packages: new Packages(root), packageMode: () => 'version' as const }; // the literal, not string
    return classify(write(file, ''), { source, importer: join(root, 'main.ts') }, options);
  };

  test.each([
    ['src/a.ts', './a', 'module'],
    ['src/a.mjs', './a.mjs', 'module'],
    ['src/a.json', './a.json', 'json'],
    ['src/a.ts', './a?worker', 'executed'],
    ['src/a.ts', './a.ts?raw', 'bytes'],
    ['src/a.wasm', './a.wasm', 'bytes'],
    ['src/a.css', './a.css', 'bytes'],
    ['src/a.vue', './a.vue', 'opaque'],
    ['src/a.glsl', './a.glsl', 'opaque'],
    ['src/a.glsl', './a.glsl?raw', 'bytes'],
  ])('%s imported as %s is %s', (file, source, kind) => {
    expect(at(file, source).kind).toBe(kind);
  });

  test("takes the library's own sources for the library, but not a demo beside them", () => {
    write('package.json', '{"name":"keepsake"}');
    expect(at('src/index.ts', '../src/index.ts').kind).toBe('library');
    expect(at('demo/scene.ts', './scene').kind).toBe('module');
  });

  test('finds the package of an import that the bundler leaves external', () => {
    install('ext', {});
    const options = { packages: new Packages(root), packageMode: () => 'version' as const }; // the literal, not string
    const importer = join(root, 'main.ts');
    expect(classify('ext/sub', { source: 'ext/sub', importer }, options)).toMatchObject({
      kind: 'package',
      subpath: 'sub',
    });
    expect(classify(undefined, { source: 'none', importer }, options).kind).toBe('opaque');
    expect(classify(undefined, { source: 'node:fs', importer }, options).kind).toBe('package');
  });
});

describe('packages by content', () => {
  const files = (body: string, other = '1') => ({
    'main.ts':
      "import { memory } from './memory';\nimport { used } from 'lib';\nexport const f = memory.cache(() => used());",
    'node_modules/lib/package.json': '{"name":"lib","version":"1.0.0"}',
    'node_modules/lib/index.js': `export const used = () => ${body};\nexport const other = () => ${other};`,
  });

  test('count the code that is reached in them, and nothing else', async () => {
    const content = { packages: { lib: 'content' } } as const;
    expect(await fingerprintOf(files('1'), content)).not.toBe(await fingerprintOf(files('2'), content));
    expect(await fingerprintOf(files('1'), content)).toBe(await fingerprintOf(files('1', '5'), content));
    expect(await fingerprintOf(files('1'))).toBe(await fingerprintOf(files('2')));
  });
});

describe('FileStore', () => {
  test('finds a change that no watcher told of, in the next pass', () => {
    const path = write('a.ts', 'export const a = 1;');
    const files = new FileStore(new SummaryCache(undefined));
    const before = files.load(path).digest;
    writeFileSync(path, 'export const a = 2;');
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    expect(files.load(path).digest).toBe(before);
    files.recheck();
    expect(files.find(path)).toBeUndefined();
    expect(files.load(path).digest).not.toBe(before);
  });
});

describe('SummaryCache', () => {
  const file = () => join(root, `cache/summaries-${SUMMARY_FORMAT}.txt`);

  test('keeps summaries on disk', () => {
    const cache = new SummaryCache(join(root, 'cache'));
    const summary = cache.get('a.ts', 'export const a = 1;');
    cache.save();
    expect(statSync(file()).size).toBeGreaterThan(100);
    utimesSync(file(), 1, 1);
    const next = new SummaryCache(join(root, 'cache'));
    expect(next.get('a.ts', 'export const a = 1;')).toEqual(summary);
    next.save();
    expect(statSync(file()).mtimeMs).toBe(1000); // nothing was new
    next.get('b.ts', 'export const b = 1;');
    next.save();
    expect(statSync(file()).mtimeMs).toBeGreaterThan(1000);
  });

  test('survives a damaged file', () => {
    const cache = new SummaryCache(join(root, 'cache'));
    cache.get('a.ts', 'export const a = 1;');
    cache.save();
    const whole = readFileSync(file(), 'utf8');
    for (const damaged of ['damaged', whole.slice(0, -9), '']) {
      writeFileSync(file(), damaged);
      const next = new SummaryCache(join(root, 'cache'));
      expect(next.get('a.ts', 'export const a = 1;').items).toHaveLength(1);
      next.save();
      expect(readFileSync(file(), 'utf8')).toBe(whole);
    }
  });
});

describe('globs', () => {
  test.each([
    ['/a/*.ts', '/a/b.ts', true],
    ['/a/*.ts', '/a/b/c.ts', false],
    ['/a/**/*.ts', '/a/b/c.ts', true],
    ['/a/**/*.ts', '/a/c.ts', true],
    ['/a/{b,c}.ts', '/a/c.ts', true],
    ['/a/{b,c}.ts', '/a/d.ts', false],
    ['/a/b.c', '/a/bxc', false],
    ['/a/?.ts', '/a/b.ts', true],
    ['/a/**', '/a/b/c.ts', true],
    ['/**/skip.ts', '/a/b/skip.ts', true],
    ['/a/[bc].ts', '/a/b.ts', true],
    ['/a/[!bc].ts', '/a/b.ts', false],
    ['/a/[b-d]*.ts', '/a/cx.ts', true],
    ['/a/[[:alpha:]].ts', '/a/b.ts', true],
    ['/a/\\[id].ts', '/a/[id].ts', true],
    ['/a/{b,{c,d}e}.ts', '/a/de.ts', true],
    ['/a/{b,{c,d}e}.ts', '/a/d.ts', false],
    ['/a/v{1..3}.ts', '/a/v2.ts', true],
    ['/a/v{1..3}.ts', '/a/v4.ts', false],
    ['/a/{x}.ts', '/a/{x}.ts', true],
    ['/a/@(b|c).ts', '/a/c.ts', true],
    ['/a/?(b)c.ts', '/a/c.ts', true],
    ['/a/+(b|c).ts', '/a/bcb.ts', true],
    ['/a/!(b).ts', '/a/c.ts', true],
    ['/a/*.{ts,js}', '/a/b.jsx', false],
  ])('%s against %s', (pattern, path, matches) => {
    expect(expressionOf(pattern, 'at least')?.test(path)).toBe(matches);
  });

  test('give keys as the program sees them', async () => {
    for (const file of ['src/g/a.ts', 'src/g/b.ts', 'src/g/deep/c.ts', 'src/other.ts']) write(file, '');
    const importer = join(root, 'src/main.ts');
    const resolve = async (pattern: string) =>
      pattern.startsWith('@/') ? join(root, 'src', pattern.slice(2)) : undefined;
    const keys = async (patterns: string[], more: { base?: string; isExhaustive?: boolean } = {}) => {
      const glob = { patterns, isExhaustive: false, ...more };
      const { files, unresolved } = await matchGlob({ root, importer, resolve }, glob);
      return unresolved ?? files.map(([key]) => key);
    };
    expect(await keys(['./g/*.ts'])).toEqual(['./g/a.ts', './g/b.ts']);
    expect(await keys(['./g/**/*.ts', '!./g/b.ts'])).toEqual(['./g/a.ts', './g/deep/c.ts']);
    expect(await keys(['./g/**/*.ts', '!**/b.ts'])).toEqual(['./g/a.ts', './g/deep/c.ts']);
    expect(await keys(['/src/*.ts'])).toEqual(['/src/other.ts']);
    expect(await keys(['./none/*.ts'])).toEqual([]);
    expect(await keys(['@/g/[ab].ts'])).toEqual(['/src/g/a.ts', '/src/g/b.ts']);
    expect(await keys(['./*.ts'], { base: './g' })).toEqual(['./a.ts', './b.ts']);
    expect(await keys(['./*.ts'], { base: '@/g' })).toEqual(['./a.ts', './b.ts']);
    expect(await keys(['**/c.ts'])).toEqual(['/src/g/deep/c.ts']);
    expect(await keys(['~/g/*.ts'])).toBe('~/g/*.ts');
  });

  test('follow links, and leave out hidden files unless all are asked for', async () => {
    const importer = write('src/main.ts', '');
    write('elsewhere/a.ts', '');
    write('src/.hidden/b.ts', '');
    symlinkSync(join(root, 'elsewhere'), join(root, 'src/linked'));
    const glob = async (isExhaustive: boolean) => {
      const place = { root, importer, resolve: async () => undefined };
      const { files } = await matchGlob(place, { patterns: ['./*/*.ts'], isExhaustive });
      return files.map(([key]) => key);
    };
    expect(await glob(false)).toEqual(['./linked/a.ts']);
    expect(await glob(true)).toEqual(['.hidden/b.ts', './linked/a.ts']);
  });
});
