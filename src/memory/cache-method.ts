/** What `memory.cache` is: a function over functions, a maker of wrappers, and a TC39 method decorator. */

import { FunctionCalls, type MemoryContext, setMethod } from '../calls/calls.ts';
import { type FunctionFacts, isFunctionFacts } from '../fingerprint/fingerprint.ts';
import {
  type AnyFunction,
  type CacheOptions,
  checkCacheOptions,
  type MaybeMode,
} from '../options/options.ts';
import { type CachedFunction, cachedFunction, originalOf } from './cached-function.ts';
import { callAs } from './call-as.ts';
import type { NotCacheable, OnlyUnstorable, StorableVerdict } from './not-cacheable.ts';

/** A method that returns a promise, as a decorated one does. */
// biome-ignore lint/suspicious/noExplicitAny: the constraint of "any such method"; unknown would refuse most
export type AsyncMethod = (this: any, ...args: any[]) => Promise<unknown>;

/** A method decorator of TC39's proposal, stage 3. */
export type MethodDecorator = <M extends AsyncMethod>(method: M, context: ClassMethodDecoratorContext) => M;

/** What is needed of the context that a decorator of a method of `This` gets. */
interface MethodContext<This> {
  readonly kind: 'method';
  readonly name: string | symbol;
  readonly access: { has(object: This): boolean };
}

type DecorateMethodOf<This> = <V extends AsyncMethod>(method: V, context: MethodContext<This>) => V;

/** Wraps a function later. */
type WrapLater<M extends MaybeMode> = <F extends AnyFunction>(fn: F) => CachedFunction<F, M>;

/** `memory.cache({ … })`: wraps a function later, or decorates a method of `This`. */
export type Wrapper<M extends MaybeMode = null, This = unknown> = DecorateMethodOf<This> & WrapLater<M>;

/** `D` is the memory's mode. */
export interface CacheMethod<D extends MaybeMode = null> {
  /** As a bare decorator: `@memory.cache`. The method becomes asynchronous, so it has to be so by type. */
  <M extends AsyncMethod>(method: M, context: ClassMethodDecoratorContext): M;
  /** A function whose results can never be stored, by their type: the type of what is given says why. */
  // biome-ignore lint/suspicious/noExplicitAny: as in AnyFunction
  <F extends (...args: any[]) => unknown, N extends MaybeMode = D>(
    fn: F & OnlyUnstorable<ReturnType<F>>,
    options?: CacheOptions<NoInfer<F>, N> & { readonly codecs?: never },
    facts?: FunctionFacts,
  ): NotCacheable<StorableVerdict<ReturnType<F>>>;
  /**
   * The function, cached: the same parameters, always asynchronous. `facts` come from the build plugin.
   * @throws TypeError or RangeError for a mistake in the options.
   */
  <F extends AnyFunction, N extends MaybeMode = D>(
    fn: F,
    options?: CacheOptions<NoInfer<F>, N>,
    facts?: FunctionFacts,
  ): CachedFunction<F, N>;
  /** The same options for a function given later, or for a method: `@memory.cache({ … })`. */
  // biome-ignore lint/suspicious/noExplicitAny: of a function that is given later nothing is known
  <This = any, N extends MaybeMode = D>(
    options: CacheOptions<FunctionOf<This>, N>,
    facts?: FunctionFacts,
  ): Wrapper<N, This>;
  /** The bare decorator with facts of the build plugin. */
  meta(facts: FunctionFacts): MethodDecorator;
}

// biome-ignore lint/suspicious/noExplicitAny: as in AnyFunction
type FunctionOf<This> = (this: This, ...args: any[]) => any;

function isDecoratorContext(value: unknown): value is ClassMethodDecoratorContext {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('name' in value)) return false;
  if (value.kind === 'method') return true;
  throw new TypeError(
    `@memory.cache decorates methods, not a ${String(value.kind)}; wrap a function with memory.cache(fn)`,
  );
}

/** Makes the `cache` of one memory. */
export function createCacheMethod<D extends MaybeMode>(context: MemoryContext): CacheMethod<D> {
  const wrap = (
    fn: AnyFunction,
    options: CacheOptions,
    facts: unknown,
    entry: AnyFunction,
  ): CachedFunction => {
    if (typeof fn !== 'function') {
      throw new TypeError(`cache() takes a function, not ${fn === null ? 'null' : typeof fn}`);
    }
    checkCacheOptions(options, context.options);
    const wrapped = { facts: isFunctionFacts(facts) ? facts : undefined, site: { entry, isMethod: false } };
    return cachedFunction(context, originalOf(fn), options, wrapped);
  };
  const decorate = (
    method: AnyFunction,
    options: CacheOptions,
    facts: FunctionFacts | undefined,
    entry: AnyFunction,
  ): AnyFunction => {
    checkCacheOptions(options, context.options);
    const calls = new FunctionCalls(context, method, options, { facts, site: { entry, isMethod: true } });
    const cached = function (this: unknown, ...args: unknown[]): Promise<unknown> {
      return callAs(calls, this, args);
    };
    setMethod(cached, method);
    return cached;
  };
  const later = (options: CacheOptions, facts?: FunctionFacts) =>
    function wrapper(fn: AnyFunction, target?: unknown) {
      return isDecoratorContext(target)
        ? decorate(fn, options, facts, wrapper)
        : wrap(fn, options, facts, wrapper);
    };
  const cache = (first: unknown, second?: unknown, facts?: FunctionFacts): unknown => {
    if (typeof first === 'object' && first !== null) {
      checkCacheOptions(first, context.options);
      return later(first, isFunctionFacts(second) ? second : undefined);
    }
    // Callers without types may pass anything: wrap() and checkCacheOptions() refuse what is wrong.
    const fn = first as AnyFunction;
    if (isDecoratorContext(second)) return decorate(fn, {}, undefined, cache);
    return wrap(fn, (second === undefined ? {} : second) as CacheOptions, facts, cache);
  };
  const meta = (facts: FunctionFacts) =>
    function decorator(method: AnyFunction) {
      return decorate(method, {}, facts, decorator);
    };
  return Object.assign(cache, { meta }) as unknown as CacheMethod<D>; // each overload is told apart above
}
