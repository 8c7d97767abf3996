/** Nothing that is read back can be run: the core has no way to turn text into code or markup, in source or as shipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { build, type Rollup } from 'vite';
import { expect, test } from 'vitest';

const forbidden: Readonly<Record<string, RegExp>> = {
  'eval()': /\beval\s*\(/,
  'new Function()': /\bnew\s+Function\b|[^.\w]Function\s*\(\s*['"`]/,
  innerHTML: /\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b/,
  'document.write()': /\bdocument\s*\.\s*write(?:ln)?\b/,
  'a timer on text': /\bset(?:Timeout|Interval)\s*\(\s*['"`]/,
  'importScripts()': /\bimportScripts\b/,
};

const found = (code: string): string[] =>
  Object.entries(forbidden).flatMap(([name, pattern]) => (pattern.test(code) ? [name] : []));

/** The plugin runs where pages are built, and test code in tests: neither is in a page. */
const isCore = (file: string): boolean =>
  file.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(file) && !/^(plugin|testing)\//.test(file);

test('the patterns see what they are for', () => {
  const code =
    'eval("1"); new Function("x"); a.innerHTML = b; document.write(c); setTimeout("d"); importScripts(e)';
  expect(found(code)).toEqual(Object.keys(forbidden));
  expect(
    found('retrieval(1); this.evaluate(2); a.apply(b); new FunctionCalls(); setTimeout(() => 1)'),
  ).toEqual([]);
});

test('the source of the core', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(isCore);
  expect(files.length).toBeGreaterThan(100);
  const all = files.flatMap((file) =>
    found(readFileSync(`src/${file}`, 'utf8')).map((what) => `${file}: ${what}`),
  );
  expect(all).toEqual([]);
});

test.each([
  ['the page, its packages included', 'size'],
  ['the storage worker', 'worker'],
])('%s, as built', async (_, mode) => {
  const built = await build({
    configFile: 'vite.lib.config.ts',
    mode,
    logLevel: 'error',
    build: { write: false },
  });
  const outputs = [built].flat() as Rollup.RollupOutput[]; // no watcher was asked for
  const chunks = outputs.flatMap(({ output }) => output.filter((each) => each.type === 'chunk'));
  expect(chunks.length).toBeGreaterThan(0);
  for (const { code } of chunks) expect(found(code)).toEqual([]);
});
