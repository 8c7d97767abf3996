import { expect, test } from 'vitest';
import { sharesOf } from './steps.ts';
import type { Step } from './watch-steps.ts';

const step = (kind: Step['kind'], start: number, end: number): Step => ({ kind, start, end });

test('sharesOf() counts each moment once, and calls what nobody has JavaScript', () => {
  const steps = [
    step('transaction()', 1, 2),
    step('request', 2, 3),
    step('request', 4, 5), // while the first one is under way
    step('IndexedDB answers', 3, 8),
    step('IndexedDB answers', 5, 9),
    step('worker answers', 8, 12),
  ];
  expect(sharesOf(steps, 15)).toMatchObject({
    'transaction()': 1,
    request: 2,
    'IndexedDB answers': 5,
    'worker answers': 3,
    'lock()': 0,
    JavaScript: 4,
    all: 15,
  });
});

test('sharesOf() of a repetition that never left JavaScript', () => {
  expect(sharesOf([], 2)).toMatchObject({ request: 0, JavaScript: 2, all: 2 });
});
