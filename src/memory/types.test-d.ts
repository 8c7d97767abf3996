/** What callers see by type. Compiled with the tests, never run. */
import { expectTypeOf } from 'vitest';
import {
  type CachedFunction,
  type CacheEvent,
  type CacheOptions,
  type EntryInfo,
  type EntryList,
  type Explanation,
  Memory,
  type MemoryEvent,
  type ShelvedResult,
} from '../index.ts';

const memory = new Memory({ name: 'types' });

interface Options {
  readonly metric?: 'euclidean' | 'cosine';
}

// Parameters and results, plain and promised.
const plain = memory.cache((x: number, label?: string) => ({ x, label: label ?? 'a' }), { id: 'plain' });
expectTypeOf(plain).parameters.toEqualTypeOf<[x: number, label?: string | undefined]>();
expectTypeOf(plain).returns.toEqualTypeOf<Promise<{ x: number; label: string }>>();
const promised = memory.cache(async (points: Float32Array, _options?: Options) => points.length);
expectTypeOf(promised).toBeCallableWith(new Float32Array(3), { metric: 'cosine' });
expectTypeOf(promised).returns.resolves.toEqualTypeOf<number>();
// @ts-expect-error: the metric is none of these
void promised(new Float32Array(3), { metric: 'manhattan' });
// @ts-expect-error: an argument is missing
void promised();
const nested = memory.cache(async (): Promise<Promise<string>> => Promise.resolve('a'));
expectTypeOf(nested).returns.toEqualTypeOf<Promise<string>>();
const rest = memory.cache((...values: number[]) => values);
expectTypeOf(rest).parameters.toEqualTypeOf<number[]>();
const nothing = memory.cache(() => undefined);
expectTypeOf(nothing).returns.toEqualTypeOf<Promise<undefined>>();

// Type parameters of asynchronous functions, and overloads, in their order.
const generic = memory.cache(async <T>(items: readonly T[], at: number) => items[at], { id: 'generic' });
expectTypeOf(generic(['a'], 0)).resolves.toEqualTypeOf<string | undefined>();
expectTypeOf(generic.with({ forceFresh: true })([1], 0)).resolves.toEqualTypeOf<number | undefined>();
expectTypeOf(memory.cache(<T>(x: T) => [x])(1)).resolves.toEqualTypeOf<unknown[]>();
interface Parse {
  (text: string): number;
  (text: string, all: true): Promise<number[]>;
  (bytes: Uint8Array): string;
}
const parse = memory.cache(((_text: unknown) => 1) as unknown as Parse, { id: 'parse' });
expectTypeOf(parse('a')).resolves.toEqualTypeOf<number>();
expectTypeOf(parse('a', true)).resolves.toEqualTypeOf<number[]>();
expectTypeOf(parse(new Uint8Array(1))).resolves.toEqualTypeOf<string>();
// @ts-expect-error: none of them
void parse(1);
interface ParseLater {
  (text: string): Promise<number>;
  <T>(value: T): Promise<T[]>;
}
const parseLater = memory.cache((async (_text: unknown) => 1) as unknown as ParseLater, { id: 'later' });
expectTypeOf(parseLater('a')).resolves.toEqualTypeOf<number>();
expectTypeOf(parseLater(1n)).resolves.toEqualTypeOf<bigint[]>();
// biome-ignore lint/suspicious/noExplicitAny: what comes of it
const untyped = memory.cache((_x: any): any => 1);
// biome-ignore lint/suspicious/noExplicitAny: as above
expectTypeOf(untyped).returns.toEqualTypeOf<Promise<any>>();

// Results that can never be stored: what is given cannot be called, and says why.
function* counting() {
  yield 1;
}
for (const refused of [
  memory.cache(() => (x: number) => x),
  memory.cache(
    async (x: number) =>
      class {
        readonly x = x;
      },
    { id: 'class' },
  ),
  memory.cache(counting),
  memory.cache(() => new Map([['a', 1]]).entries()),
  memory.cache((tag: string) => document.createElement(tag), { key: (tag) => tag }),
  memory.cache(async () => document.createDocumentFragment()),
  memory.cache((urls: string[]) => urls.map((url) => fetch(url))),
  memory.cache((flag: boolean) => (flag ? () => 1 : document.body)),
]) {
  expectTypeOf(refused.why).toBeString();
  // @ts-expect-error: it is not callable
  refused();
}
expectTypeOf(
  memory.cache(() => () => 1).why,
).toEqualTypeOf<'A function cannot be stored: return the data that it is made from, or give a codec in "codecs".'>();
// What may be stored is, as far as anybody knows.
const codecs = [
  {
    name: 'node',
    is: (value: unknown) => value instanceof Node,
    encode: String,
    decode: () => document.body,
  },
];
expectTypeOf(memory.cache(() => document.body, { codecs })).returns.resolves.toEqualTypeOf<HTMLElement>();
expectTypeOf(memory.cache((flag: boolean) => (flag ? 1 : () => 1))).parameters.toEqualTypeOf<[boolean]>();
expectTypeOf(memory.cache((): unknown => 1)).returns.resolves.toBeUnknown();
expectTypeOf(
  memory.cache((): never => {
    throw new Error('a');
  }),
).returns.resolves.toBeNever();
expectTypeOf(memory.cache(() => [])).returns.resolves.toEqualTypeOf<never[]>();
expectTypeOf(memory.cache(() => new Map<object, object>())).returns.resolves.toEqualTypeOf<
  Map<object, object>
>();
expectTypeOf(
  memory.cache(async function* () {
    yield 1;
  }),
).returns.resolves.toHaveProperty('next');
// biome-ignore lint/suspicious/noExplicitAny: what nobody knows
expectTypeOf(memory.cache((): Promise<any[]> => Promise.resolve([]))).returns.resolves.toEqualTypeOf<any[]>();

const { cache } = memory;
expectTypeOf(cache((x: number) => x)).returns.resolves.toEqualTypeOf<number>();

/** Helpers that do not know what they cache. */
export function helper<A extends unknown[], R>(fn: (...args: A) => R) {
  const cached = memory.cache(fn, { id: 'helper' });
  return async (...args: A): Promise<Awaited<R>> => cached(...args);
}
expectTypeOf(helper((x: number) => [x])).toEqualTypeOf<(x: number) => Promise<number[]>>();
expectTypeOf(helper(async (x: number) => [x])(1)).resolves.toEqualTypeOf<number[]>();

// The verbs.
expectTypeOf(plain.compute).returns.resolves.toEqualTypeOf<{
  value: { x: number; label: string };
  info: EntryInfo;
}>();
expectTypeOf(promised.compute).returns.resolves.toHaveProperty('value').toEqualTypeOf<number>();
expectTypeOf(promised.callAndShelve).returns.resolves.toEqualTypeOf<ShelvedResult<number>>();
expectTypeOf(promised.checkCallInCache).parameters.toEqualTypeOf<[Float32Array, (Options | undefined)?]>();
expectTypeOf(promised.checkCallInCache).returns.resolves.toEqualTypeOf<boolean>();
expectTypeOf(promised.explain).returns.resolves.toEqualTypeOf<Explanation>();
expectTypeOf(promised.delete).parameters.toEqualTypeOf<[Float32Array, (Options | undefined)?]>();
expectTypeOf(promised.with({ forceFresh: true })).returns.resolves.toEqualTypeOf<number>();
expectTypeOf(promised.with({ signal: new AbortController().signal })).parameters.toEqualTypeOf<
  [Float32Array, (Options | undefined)?]
>();
// @ts-expect-error: no such override
promised.with({ fresh: true });
expectTypeOf(plain.fn).toEqualTypeOf<(x: number, label?: string) => { x: number; label: string }>();
expectTypeOf(plain.entries()).toEqualTypeOf<EntryList>();
expectTypeOf(memory.run((x: number) => x.toFixed(), 3)).resolves.toEqualTypeOf<string>();
// @ts-expect-error: its argument is a number
void memory.run((x: number) => x, 'a');

// `this`.
const method = memory.cache(
  function (this: { gain: number }, x: number) {
    return x * this.gain;
  },
  {
    id: 'method',
    captures() {
      expectTypeOf(this).toEqualTypeOf<{ gain: number }>();
      return { gain: this.gain };
    },
  },
);
expectTypeOf(method).thisParameter.toEqualTypeOf<{ gain: number }>();
expectTypeOf(method.call({ gain: 2 }, 3)).resolves.toEqualTypeOf<number>();
// @ts-expect-error: there is no gain
void method.call({}, 3);

// Options that are functions see the parameters and the result.
memory.cache(async (x: number, _label: string) => [x], {
  key: (x, label) => {
    expectTypeOf(x).toEqualTypeOf<number>();
    expectTypeOf(label).toEqualTypeOf<string>();
    return x;
  },
  tags: (x) => [x.toFixed()],
  storeIf: (value, info) => {
    expectTypeOf(value).toEqualTypeOf<number[]>();
    return info.computeMs > 5;
  },
  cacheValidationCallback: (info) => {
    expectTypeOf(info).toEqualTypeOf<EntryInfo>();
    return true;
  },
});
// Options made elsewhere leave the function its types.
const shared: CacheOptions = { id: 'shared', storeIf: () => true };
expectTypeOf(memory.cache((x: number) => [x], shared)(3)).resolves.toEqualTypeOf<number[]>();
// @ts-expect-error: no such option
memory.cache(() => 1, { maxAge: 5 });
// @ts-expect-error: no such mode
memory.cache(() => 1, { mmapMode: 'rw' });
// @ts-expect-error: no such option
new Memory({ path: 'lab' });

// Decorators keep the type of the method, which must return a promise.
class Model {
  gain = 2;

  @memory.cache({ id: 'run', captures: () => ({}) })
  async run(x: number): Promise<Float64Array> {
    return new Float64Array(x);
  }

  @memory.cache
  async bare(): Promise<string> {
    return 'a';
  }

  @memory.cache({
    id: 'typed',
    captures() {
      expectTypeOf(this).toEqualTypeOf<Model>();
      return { gain: this.gain };
    },
  })
  async typed(x: number, _more?: string): Promise<number> {
    return x * this.gain;
  }

  @memory.cache({
    id: 'static',
    captures() {
      expectTypeOf(this).toEqualTypeOf<typeof Model>();
      // @ts-expect-error: a field of instances
      return { gain: this.gain };
    },
  })
  static async lessons(x: number): Promise<number> {
    return x;
  }

  @memory.cache({ id: 'generic', captures: () => ({}) })
  async generic<T>(x: T): Promise<T> {
    return x;
  }

  // @ts-expect-error: decorated methods are asynchronous
  @memory.cache({ id: 'sync', captures: () => ({}) })
  sync(x: number): number {
    return x * this.gain;
  }
}
expectTypeOf<Model['run']>().toEqualTypeOf<(x: number) => Promise<Float64Array>>();
expectTypeOf<Model['bare']>().toEqualTypeOf<() => Promise<string>>();
expectTypeOf(memory.cache({ id: 'later' })((x: number) => x)).toExtend<
  CachedFunction<(x: number) => number>
>();

// Events: the kind of the listener's event, narrowed by `kind` in the union.
memory.addEventListener('hit', (event) => {
  expectTypeOf(event).toEqualTypeOf<MemoryEvent<'hit'>>();
  expectTypeOf(event.detail.reason).toEqualTypeOf<'memory' | 'storage' | 'in-flight' | 'pack' | 'remote'>();
  expectTypeOf(event.detail.savedMs).toEqualTypeOf<number>();
});
memory.addEventListener('delete', ({ detail }) => {
  expectTypeOf(detail.removed).toEqualTypeOf<number>();
  // @ts-expect-error: hits have that
  detail.savedMs;
});

/** Compiles only while every kind is told apart. */
export function sizeOf(event: CacheEvent): number {
  switch (event.kind) {
    case 'hit':
    case 'store':
    case 'evict':
      return event.sizeBytes;
    case 'compute':
      return event.computeMs;
    case 'miss':
    case 'skip':
    case 'stale':
    case 'damaged':
      return event.key.length;
    case 'remote':
      return event.entries.length;
    case 'delete':
      return event.freedBytes;
    case 'storage':
      return event.tier.length;
    default:
      return event satisfies never;
  }
}

// Shelved results.
const shelved = memory.shelved<Float64Array>({});
expectTypeOf(shelved.get()).resolves.toEqualTypeOf<Float64Array>();
expectTypeOf(memory.shelved({}).get()).resolves.toEqualTypeOf<unknown>();
expectTypeOf(shelved.blob()).resolves.toEqualTypeOf<Blob>();
expectTypeOf(shelved.info).toEqualTypeOf<EntryInfo>();
