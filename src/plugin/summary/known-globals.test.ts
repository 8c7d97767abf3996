import { expect, test } from 'vitest';
import { isKnownGlobal } from './known-globals.ts';

test.each([
  'Math',
  'Float64Array',
  'undefined',
  'arguments',
  'importScripts',
  'sampleRate',
  'process',
  'onmessage',
])('isKnownGlobal() knows %s', (name) => expect(isKnownGlobal(name)).toBe(true));

test.each(['ref', 'useFetch', '__VERSION__', 'name', 'find', 'toString', '$'])(
  'isKnownGlobal() takes %s for the work of a tool',
  (name) => expect(isKnownGlobal(name)).toBe(false),
);
