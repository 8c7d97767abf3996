import { createElement, StrictMode, Suspense } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { flushSync, mount as mountSvelte, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { createApp, h, nextTick, shallowRef } from 'vue';
import { freshMemory } from '../testing/memories.ts';
import { makeCounter } from '../testing/svelte/counter.svelte.js';
import ShownBySvelte from '../testing/svelte/shown.svelte';
import { useCached, useCachedValue } from './react.ts';
import { useCached as useCachedInSvelte } from './svelte.ts';
import { useCached as useCachedInVue } from './vue.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0)) await each();
});

interface Call {
  readonly count: number;
  readonly signal: AbortSignal;
  finish(): void;
  fail(error: Error): void;
}

/** A cached function that is finished by hand, and takes a signal that is none of its key. */
function byHand() {
  const { memory } = freshMemory();
  undo.push(() => memory.close());
  const calls: Call[] = [];
  const compute = (count: number, signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      calls.push({ count, signal, finish: () => resolve(`value ${count}.${calls.length}`), fail: reject });
    });
  const cached = memory.cache(compute, { id: 'by-hand', version: 1, trustVersion: true });
  const entered = (times: number): Promise<unknown> => vi.waitFor(() => expect(calls).toHaveLength(times));
  return { memory, calls, cached, entered };
}

/** Never fires: the components' own signals are what is tried. */
const quiet = new AbortController().signal;

function place(): HTMLElement {
  const element = document.body.appendChild(document.createElement('div'));
  undo.push(() => element.remove());
  return element;
}

function mount(): { root: Root; element: HTMLElement } {
  const element = place();
  const root = createRoot(element);
  undo.push(() => root.unmount());
  return { root, element };
}

type Cached = ReturnType<typeof byHand>['cached'];

function Shown({ cached, count }: { readonly cached: Cached; readonly count: number }) {
  const { value, error, isPending } = useCached(cached, [count, quiet]);
  return `${value} ${error} ${isPending}`;
}

const shown = (element: HTMLElement, text: string): Promise<unknown> =>
  vi.waitFor(() => expect(element.textContent).toBe(text), { timeout: 10_000 });

test('useCached() of React shows the value, and keeps it until the next one is there', async () => {
  const { calls, cached, entered } = byHand();
  const { root, element } = mount();
  root.render(createElement(Shown, { cached, count: 1 }));
  await entered(1);
  await shown(element, 'undefined undefined true');
  calls[0]!.finish();
  await shown(element, 'value 1.1 undefined false');
  root.render(createElement(Shown, { cached, count: 2 }));
  await entered(2);
  await shown(element, 'value 1.1 undefined true');
  calls[1]!.fail(new RangeError('too large'));
  await shown(element, 'undefined RangeError: too large false');
});

test("StrictMode's second mount goes on with the call of the first", async () => {
  const { calls, cached, entered } = byHand();
  const { root, element } = mount();
  root.render(createElement(StrictMode, {}, createElement(Shown, { cached, count: 1 })));
  await entered(1);
  expect(calls[0]!.signal.aborted).toBe(false);
  calls[0]!.finish();
  await shown(element, 'value 1.1 undefined false');
  expect(calls).toHaveLength(1);
});

test('a component that leaves aborts its call', async () => {
  const { calls, cached, entered } = byHand();
  const { root } = mount();
  root.render(createElement(Shown, { cached, count: 1 }));
  await entered(1);
  root.render(null);
  await vi.waitFor(() => expect(calls[0]!.signal.aborted).toBe(true));
});

test('of two components that wait for one call, the last one aborts it', async () => {
  const { calls, cached, entered } = byHand();
  const [first, second] = [mount(), mount()];
  first.root.render(createElement(Shown, { cached, count: 1 }));
  second.root.render(createElement(Shown, { cached, count: 1 }));
  await entered(1);
  first.root.render(null);
  await shown(first.element, '');
  await new Promise((resolve) => setTimeout(resolve)); // a turn behind the one that would abort
  expect(calls[0]!.signal.aborted).toBe(false);
  calls[0]!.finish();
  await shown(second.element, 'value 1.1 undefined false');
});

test('results that are deleted are asked for anew', async () => {
  const { memory, calls, cached, entered } = byHand();
  const { root, element } = mount();
  root.render(createElement(Shown, { cached, count: 1 }));
  await entered(1);
  calls[0]!.finish();
  await shown(element, 'value 1.1 undefined false');
  await memory.clear();
  await entered(2);
  calls[1]!.finish();
  await shown(element, 'value 1.2 undefined false');
});

function Suspended({ cached, count }: { readonly cached: Cached; readonly count: number }) {
  return useCachedValue(cached, [count, quiet]);
}

test('useCachedValue() suspends until the value is there, and again when it is deleted', async () => {
  const { memory, calls, cached, entered } = byHand();
  const { root, element } = mount();
  const waiting = { fallback: 'waiting' };
  root.render(createElement(Suspense, waiting, createElement(Suspended, { cached, count: 3 })));
  await entered(1);
  await shown(element, 'waiting');
  calls[0]!.finish();
  await shown(element, 'value 3.1');
  await memory.flush();
  await memory.clear();
  await entered(2);
  calls[1]!.finish();
  await vi.waitFor(() => expect(element.textContent).toContain('value 3.2'), { timeout: 10_000 });
});

test('useCached() of Vue follows its arguments, and aborts with its component', async () => {
  const { memory, calls, cached, entered } = byHand();
  const count = shallowRef(1);
  const element = place();
  const app = createApp({
    setup() {
      const { value, isPending } = useCachedInVue(cached, () => [count.value, quiet]);
      return () => h('p', `${value.value} ${isPending.value}`);
    },
  });
  app.mount(element);
  await entered(1);
  calls[0]!.finish();
  await shown(element, 'value 1.1 false');
  await memory.clear();
  await entered(2);
  calls[1]!.finish();
  await shown(element, 'value 1.2 false');
  count.value = 2;
  await nextTick();
  await entered(3);
  await shown(element, 'value 1.2 true');
  app.unmount();
  await vi.waitFor(() => expect(calls[2]!.signal.aborted).toBe(true));
});

/** A component of Svelte that follows a counter. */
function mountWithSvelte(cached: Cached, count: number) {
  const element = place();
  const counter = makeCounter(count);
  const component = mountSvelte(ShownBySvelte, {
    target: element,
    props: { useCached: useCachedInSvelte, cached, counter, quiet },
  });
  flushSync();
  return { element, counter, leave: () => unmount(component) };
}

test('useCached() of Svelte follows its arguments, and aborts with its component', async () => {
  const { memory, calls, cached, entered } = byHand();
  const { element, counter, leave } = mountWithSvelte(cached, 1);
  await entered(1);
  await shown(element, '  true');
  calls[0]!.finish();
  await shown(element, 'value 1.1  false');
  await memory.clear();
  await entered(2);
  calls[1]!.finish();
  await shown(element, 'value 1.2  false');
  counter.count = 2;
  await entered(3);
  await shown(element, 'value 1.2  true');
  calls[2]!.fail(new RangeError('too large'));
  await shown(element, ' RangeError: too large false');
  counter.count = 3;
  await entered(4);
  await leave();
  await vi.waitFor(() => expect(calls[3]!.signal.aborted).toBe(true));
});

test('components of Svelte that wait for one call share it, and the last one aborts it', async () => {
  const { calls, cached, entered } = byHand();
  const [first, second] = [mountWithSvelte(cached, 1), mountWithSvelte(cached, 1)];
  await entered(1);
  await first.leave();
  await new Promise((resolve) => setTimeout(resolve)); // a turn behind the one that would abort
  expect(calls[0]!.signal.aborted).toBe(false);
  calls[0]!.finish();
  await shown(second.element, 'value 1.1  false');
  expect(calls).toHaveLength(1);
  await second.leave();
});
