import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { ambiguityOf, claimIdentity, identify } from './identity.ts';

const make = (k: number) => (x: number) => x * k;

test('claimIdentity() remembers a function that was collected: whether it was must not decide', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void; // the flag above defines it
  const claim = (): WeakRef<object> => {
    const fn = make(1);
    claimIdentity('scale', 'scale', fn);
    claimIdentity('scale', 'scale', fn);
    return new WeakRef(fn);
  };
  const first = claim();
  expect(ambiguityOf('scale', 'scale')).toBeUndefined();
  await new Promise((resolve) => setTimeout(resolve)); // a WeakRef holds on until the task ends
  collect();
  expect(first.deref()).toBeUndefined();
  claimIdentity('scale', 'scale', make(2));
  expect(ambiguityOf('scale', 'scale')).toMatchObject({ id: 'scale' });
  claimIdentity('scale', 'scale', make(3));
  expect(error).toHaveBeenCalledOnce();
  error.mockRestore();
});

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
