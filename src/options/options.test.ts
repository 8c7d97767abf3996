import { describe, expect, test } from 'vitest';
import { parseBytes } from './option-checks.ts';
import { type CacheOptions, checkCacheOptions, resolveMemoryOptions } from './options.ts';

/** What callers without types may pass. */
type Anything = Readonly<Record<string, unknown>>;
const memoryWith = (options: Anything) => resolveMemoryOptions(options);
const wrapWith = (options: Anything, memory: Anything = {}) =>
  checkCacheOptions(options as CacheOptions, memoryWith(memory)); // mistakes are the point

const nowhere = /accepted are/;
const notCounts = [-1, Number.NaN, '5', true, null];
const notBytes = [-1, Number.NaN, '10KB', '1k', '1T', 'much', '', true, null];
const notTexts = ['', 5, null, {}];
const notFunctions = ['f', 5, null, {}];
const notArrays = ['x', 5, null, {}];
const notModes = ['R', 'rw', true, 5];
const notCompressions = [true, 5, null, 'brotli', { format: 'zlib' }, { level: 3 }, { minBytes: -1 }];

/** For each option: values that are refused, how, and what the message says is accepted. */
const memoryMistakes: readonly (readonly [string, readonly unknown[], RegExp])[] = [
  ['name', notTexts, /"name" is .*; give a text of at least one character/],
  ['storage', ['disk', true, 5], nowhere],
  ['mmapMode', notModes, nowhere],
  ['compress', notCompressions, /"compress.*(accepted are|has no option|at least 0)/],
  ['hash', ['md5', null, 5], nowhere],
  ['maxBytes', notBytes, /"maxBytes" is .*; give a number of bytes, or text such as "512M"/],
  ['memoryTierBytes', notBytes, /"memoryTierBytes" is .*; give a number of bytes/],
  ['verbose', notCounts, /"verbose" is .*; give a number of at least 0/],
  ['singleFlight', ['tab', null, true], nowhere],
  [
    'singleFlightTimeoutMs',
    [true, null, {}, -1],
    /"singleFlightTimeoutMs" is .*; give a number of at least 0/,
  ],
  ['manifests', notFunctions, /"manifests" is .*; give a function/],
  ['codecs', [...notArrays, [{}], [null]], /"codecs" is (.*; give an array|an object)/],
  ['verify', ['on', true, null, -1, 1.5, Number.NaN], /accepted are|from 0 to 1/],
  [
    'packs',
    [...notArrays, [''], [5], [null]],
    /"packs" is .*; give (an array of URLs|a text of at least one)/,
  ],
  [
    'remote',
    [
      '/cache',
      null,
      {},
      { url: '' },
      { url: '/', write: 1 },
      { url: '/', headers: 5 },
      { url: '/', functions: 'f' },
    ],
    /"remote(\.\w+)?" is .*; (give|accepted are)/,
  ],
  ['workerFactory', notFunctions, /"workerFactory" is .*; give a function/],
];

const cacheMistakes: readonly (readonly [string, readonly unknown[], RegExp])[] = [
  ['id', notTexts, /"id" is .*; give a text of at least one character/],
  ['version', [true, null, {}], /"version" is .*; give a text or a number/],
  ['trustVersion', ['yes', 1, null, true], /"trustVersion"/],
  ['depends', notArrays, /"depends" is .*; give an array/],
  ['captures', notFunctions, /"captures" is .*; give a function/],
  ['ignore', [...notArrays, [-1], [0.5], [null]], /"ignore" (is .*; give an array|holds positions from 0)/],
  ['key', notFunctions, /"key" is .*; give a function/],
  ['maxAgeMs', notCounts, /"maxAgeMs" is .*; give a number of at least 0/],
  ['staleWhileRevalidateMs', notCounts, /"staleWhileRevalidateMs" is .*; give a number of at least 0/],
  ['cacheValidationCallback', notFunctions, /"cacheValidationCallback" is .*; give a function/],
  ['storeIf', notFunctions, /"storeIf" is .*; give a function/],
  ['tags', [...notArrays, [5]], /"tags" (is .*; give an array, or a function|holds texts)/],
  ['mmapMode', notModes, nowhere],
  ['compress', notCompressions, /"compress.*(accepted are|has no option|at least 0)/],
  ['verbose', notCounts, /"verbose" is .*; give a number of at least 0/],
  [
    'codecs',
    [...notArrays, [{}], [{ name: 'a', is: 1 }], [null]],
    /"codecs" is (.*; give an array|an object)/,
  ],
];

const each = (mistakes: typeof memoryMistakes) =>
  mistakes.flatMap(([option, values, message]) => values.map((value) => [option, value, message] as const));

function thrownBy(use: () => unknown): unknown {
  try {
    use();
  } catch (error) {
    return error;
  }
  return undefined;
}

function expectRefusal(error: unknown, option: string, message: RegExp): void {
  expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
  expect(String(error)).toContain(`"${option}`);
  expect(String(error)).toMatch(message);
}

describe('options of Memory', () => {
  test.each(each(memoryMistakes))('%s: %j is refused', (option, value, message) => {
    expectRefusal(
      thrownBy(() => memoryWith({ [option]: value })),
      option,
      message,
    );
  });

  test('every option has its mistakes here', () => {
    const message = String(thrownBy(() => memoryWith({ nonsense: 1 })));
    expect(message).toBe(
      `TypeError: Memory has no option "nonsense"; it has ${memoryMistakes.map(([name]) => name).join(', ')}`,
    );
    expect(() => memoryWith(null as never)).toThrow(/takes an object of options/);
    expect(() => memoryWith('lab' as never)).toThrow(/takes an object of options/);
  });

  test('mmapMode and compress contradict each other', () => {
    expect(() => memoryWith({ mmapMode: 'r', compress: 'gzip' })).toThrow(/contradict/);
    expect(() => wrapWith({ compress: 'gzip' }, { mmapMode: 'r' })).toThrow(/contradict/);
    expect(() => wrapWith({ mmapMode: 'c' }, { compress: 'deflate' })).toThrow(/contradict/);
    expect(() => wrapWith({ mmapMode: null, compress: 'gzip' }, { mmapMode: 'r' })).not.toThrow();
  });

  test('accepts what it says it accepts', () => {
    expect(
      memoryWith({
        name: 'lab',
        storage: null,
        mmapMode: null,
        compress: { format: 'deflate', minBytes: 0 },
        hash: 'sha-256',
        maxBytes: '1.5K',
        memoryTierBytes: 0,
        verbose: 10,
        singleFlight: 'realm',
        workerFactory: () => undefined,
      }),
    ).toMatchObject({ maxBytes: 1536, memoryTierBytes: 0, compress: { format: 'deflate', minBytes: 0 } });
    expect(memoryWith({ maxBytes: Number.POSITIVE_INFINITY }).maxBytes).toBe(Number.POSITIVE_INFINITY);
    expect(parseBytes('2G', 'maxBytes')).toBe(2 ** 31);
    expect(parseBytes('512M', 'maxBytes')).toBe(2 ** 29);
    expect(parseBytes(1.5, 'maxBytes')).toBe(1);
  });
});

describe('options of cache()', () => {
  test.each(each(cacheMistakes))('%s: %j is refused', (option, value, message) => {
    expectRefusal(
      thrownBy(() => wrapWith({ [option]: value })),
      option,
      message,
    );
  });

  test('every option has its mistakes here', () => {
    const message = String(thrownBy(() => wrapWith({ maxAge: 1 })));
    expect(message).toBe(
      `TypeError: cache() has no option "maxAge"; it has ${cacheMistakes.map(([name]) => name).join(', ')}`,
    );
    expect(() => wrapWith(null as never)).toThrow(/cache\(\) takes an object of options/);
    expect(() => wrapWith(5 as never)).toThrow(/cache\(\) takes an object of options/);
  });

  test('an age after which nothing begins is refused', () => {
    expect(() => wrapWith({ staleWhileRevalidateMs: 5 })).toThrow(/begins after "maxAgeMs"/);
    expect(() => wrapWith({ maxAgeMs: 1, staleWhileRevalidateMs: 5 })).not.toThrow();
  });

  test('accepts what it says it accepts', () => {
    const codec = { name: 'a', is: () => true, encode: () => 1, decode: () => 1 };
    expect(() =>
      wrapWith({
        id: 'fft',
        version: 2,
        trustVersion: true,
        depends: [1],
        captures: () => ({}),
        ignore: [0, 'options.verbose'],
        key: () => 1,
        maxAgeMs: 0,
        staleWhileRevalidateMs: 0,
        cacheValidationCallback: () => true,
        storeIf: () => true,
        tags: ['a'],
        mmapMode: null,
        compress: 'gzip',
        verbose: 0,
        codecs: [codec],
      }),
    ).not.toThrow();
    expect(() => wrapWith({ tags: () => ['a'] })).not.toThrow();
  });
});
