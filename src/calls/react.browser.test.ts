/** Functions that React components wrap: in their bodies, in useMemo, under StrictMode, which renders and runs effects twice. */
import { createElement, StrictMode, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { afterAll, expect, test, vi } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { freshMemory, reopen, type Watched } from '../testing/memories.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

type Scale = (x: number) => Promise<number>;
/** A hook that gives the function which a component calls. */
type UseScale = (k: number) => Scale;

/** Renders a component that shows `useScale(k)(3)`, for one `k` after the other. */
async function showFor(useScale: UseScale, ks: readonly number[]): Promise<string[]> {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  function Shown({ k }: { k: number }) {
    const [shown, show] = useState('');
    const scale = useScale(k);
    // biome-ignore lint/correctness/useExhaustiveDependencies: as components do that wrap in their body
    useEffect(() => {
      let isLeft = false;
      void scale(3).then((value) => isLeft || show(`${k}: ${value}`));
      return () => {
        isLeft = true;
      };
    }, [k]);
    return shown;
  }
  const texts: string[] = [];
  for (const k of ks) {
    root.render(createElement(StrictMode, null, createElement(Shown, { k })));
    await expect.poll(() => place.textContent, { timeout: 20_000 }).toMatch(new RegExp(`^${k}: `));
    texts.push(place.textContent ?? '');
  }
  root.unmount();
  place.remove();
  return texts;
}

const right = ['2: 6', '100: 300', '2: 6'];
const ks = [2, 100, 2];

/** Two page loads of one component, as far as one realm can have two. */
async function inTwoPages(make: (memory: Memory) => UseScale): Promise<[Watched, Watched]> {
  const first = freshMemory();
  expect(await showFor(make(first.memory), ks)).toEqual(right);
  await first.memory.close();
  const second = reopen(first.memory);
  expect(await showFor(make(second.memory), ks)).toEqual(right);
  await second.memory.flush();
  return [first, second];
}

test('a function wrapped beside the component is computed once and hits', async () => {
  const { memory, reasons } = freshMemory();
  const scale = memory.cache(async (x: number, k: number) => x * k, { id: 'scale' });
  expect(await showFor((k) => (x) => scale(x, k), ks)).toEqual(right);
  await memory.flush();
  expect(reasons('compute')).toHaveLength(2);
});

test('closures that are wrapped in the body are computed each time, with one notice', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const [first, second] = await inTwoPages(
    (memory) => (k) => memory.cache(async (x: number) => x * k, { id: 'scale' }),
  );
  expect([...first.reasons('hit'), ...second.reasons('hit')]).toEqual([]);
  expect(error).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('declare what they capture'));
  error.mockRestore();
});

test('closures that are wrapped in the body and declare what they capture are kept', async () => {
  const [first, second] = await inTwoPages(
    (memory) => (k) => memory.cache(async (x: number) => x * k, { id: 'scale', captures: () => ({ k }) }),
  );
  expect(first.reasons('compute')).toHaveLength(2);
  expect(second.reasons('compute')).toEqual([]);
});

test('functions that are wrapped in the body and capture nothing are kept', async () => {
  const [first, second] = await inTwoPages((memory) => (k) => {
    const scale = memory.cache(async (x: number, by: number) => x * by, { id: 'scale' });
    return (x) => scale(x, k);
  });
  expect(first.reasons('compute')).toHaveLength(2);
  expect(second.reasons('compute')).toEqual([]);
});

test('closures that useMemo makes are computed each time, or kept where they declare what they capture', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const [, undeclared] = await inTwoPages(
    (memory) =>
      function useScale(k) {
        return useMemo(() => memory.cache(async (x: number) => x * k, { id: 'scale' }), [k]);
      },
  );
  expect(undeclared.reasons('hit')).toEqual([]);
  const [, declared] = await inTwoPages(
    (memory) =>
      function useScale(k) {
        return useMemo(
          () => memory.cache(async (x: number) => x * k, { id: 'scale', captures: () => ({ k }) }),
          [k],
        );
      },
  );
  expect(declared.reasons('compute')).toEqual([]);
  error.mockRestore();
});
