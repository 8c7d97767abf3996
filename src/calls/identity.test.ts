import { expect, test } from 'vitest';
import { identify } from './identity.ts';

const make = (k: number) => (x: number) => x * k;

test('identify() refuses native and bound functions without id and version', () => {
  for (const fn of [Math.max, make(1).bind(null)]) {
    expect(() => identify(fn, {}, undefined)).toThrow(/native or bound.*give "id" and "version"/);
    expect(() => identify(fn, { id: 'f' }, undefined)).toThrow(TypeError);
    expect(() => identify(fn, { version: 1 }, undefined)).toThrow(TypeError);
    expect(identify(fn, { id: 'f', version: 1 }, undefined)).toMatchObject({ kind: 'version' });
  }
});

test('identify() takes the best that is known', () => {
  const facts = { id: 'a.ts#f', fingerprint: 'F', params: [] };
  const fn = make(1);
  expect(identify(fn, { version: 1 }, facts)).toMatchObject({ kind: 'plugin', id: 'a.ts#f' });
  expect(identify(fn, { id: 'mine' }, facts)).toMatchObject({ kind: 'plugin', id: 'mine' });
  expect(identify(fn, { id: 'mine', version: 1 }, undefined)).toMatchObject({ kind: 'version' });
  expect(identify(fn, { id: 'mine' }, undefined)).toMatchObject({ kind: 'source', isPersistent: true });
  expect(identify(fn, {}, undefined)).toMatchObject({ kind: 'source', isPersistent: false });
  const partial = { ...facts, flags: ['partial'] as const };
  expect(identify(fn, {}, partial)).toMatchObject({ isPersistent: false });
  expect(identify(fn, { version: 1 }, partial)).toMatchObject({ isPersistent: true });
});
