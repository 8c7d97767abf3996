import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BuiltApp, LAST_PACK, NEW_PACK } from './built-app.ts';
import { LastPack } from './last-pack.ts';
import { importFrom } from './project-package.ts';
import { resolveWarm } from './warm-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'keepsake-warm-test-'));
const at = (name: string): string => join(folder, name);

afterAll(() => rmSync(folder, { recursive: true }));

test('resolveWarm() has defaults, and refuses a size that cannot be read', () => {
  expect(resolveWarm('warm.ts')).toMatchObject({
    calls: 'warm.ts',
    pack: 'keepsake.pack',
    maxBytes: 2 ** 26,
  });
  expect(resolveWarm({ calls: 'warm.ts', maxBytes: '2K' }).maxBytes).toBe(2_048);
  expect(() => resolveWarm({ calls: 'warm.ts', maxBytes: 'much' })).toThrow(RangeError);
});

test('importFrom() gives the first package that there is', async () => {
  expect(await importFrom(folder, ['no-such-package', 'playwright'])).toHaveProperty('chromium');
  expect(await importFrom(folder, ['no-such-package'])).toBeUndefined();
});

test('LastPack keeps a pack per target, and what was asked for within its calls', () => {
  writeFileSync(at('new'), 'pack');
  const last = new LastPack(at('cache'), at('dist/a.pack'));
  expect([last.file, last.within]).toEqual([undefined, {}]);
  last.keep(at('new'), { a: ['b'] });
  expect(last.file).toContain('cache');
  expect(last.within).toEqual({ a: ['b'] });
  expect(new LastPack(at('cache'), at('dist/b.pack')).file).toBeUndefined();
});

test('BuiltApp serves the first folder that has a file, by range, and nothing outside of them', async () => {
  writeFileSync(at('secret'), 'secret');
  const [first, second] = [mkdtempSync(at('first-')), mkdtempSync(at('second-'))];
  writeFileSync(join(first, 'a.js'), 'first');
  writeFileSync(join(second, 'a.js'), 'second');
  writeFileSync(join(second, 'b.bin'), '0123456789');
  const app = new BuiltApp({
    folders: [first, second],
    base: '/app/',
    pages: new Map([['/app/page.html', 'page']]),
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin' },
    pack: at('pack'),
    last: undefined,
  });
  const origin = await app.listen();
  try {
    const script = await fetch(`${origin}/app/a.js`);
    expect([await script.text(), script.headers.get('Content-Type')]).toEqual(['first', 'text/javascript']);
    expect(script.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
    const range = await fetch(`${origin}/app/b.bin`, { headers: { Range: 'bytes=2-4' } });
    expect([range.status, await range.text()]).toEqual([206, '234']);
    expect(await (await fetch(`${origin}/app/page.html`)).text()).toBe('page');
    for (const path of ['/a.js', '/app/..%2f..%2fsecret', '/app/%2e%2e/secret', '/app/no', LAST_PACK])
      expect([path, (await fetch(origin + path)).status]).toEqual([path, 404]);
    expect((await fetch(origin + NEW_PACK, { method: 'PUT', body: 'sent' })).status).toBe(201);
  } finally {
    app.close();
  }
});
