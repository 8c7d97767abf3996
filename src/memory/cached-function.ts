/** A function wrapped by Memory.cache(): the call, and the verbs around it. */

import type { TypedArray } from '../arrays/arrays.ts';
import {
  type CallOverrides,
  FunctionCalls,
  findEntry,
  findHeld,
  findKept,
  type MemoryContext,
  type MemoryHandle,
  Origin,
  setMethod,
  setToken,
  type WrapSite,
} from '../calls/calls.ts';
import { Chunk } from '../chunks/chunks.ts';
import { MemoryClosedError } from '../errors/errors.ts';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import {
  type AnyFunction,
  type CacheOptions,
  checkOverrides,
  type EntryInfo,
  type MaybeMode,
  unstoredInfo,
} from '../options/options.ts';
import type { Removed } from '../store/store.ts';
import { callAs } from './call-as.ts';
import type { CachedCallOf } from './call-types.ts';
import type { EntryList, EntryQuery } from './entries.ts';
import type { Explanation } from './explain.ts';
import { inspection, listEntries } from './late-inspection.ts';
import { HeldResult, type ShelvedResult } from './shelved-result.ts';

/** The callable that Memory.cache() returns: it gives the stored result, or computes; `M` is the mode of its results. */
export type CachedFunction<F extends AnyFunction = AnyFunction, M extends MaybeMode = null> = CachedCallOf<
  F,
  M
> &
  Verbs<F, M>;

/** What a cached function has beside the call. */
export interface Verbs<F extends AnyFunction, M extends MaybeMode> {
  /** Computes whatever is stored, and stores over it. The value is plain, whatever the mode. */
  compute(...args: Parameters<F>): Promise<{ value: Awaited<ReturnType<F>>; info: EntryInfo }>;
  /** The result by reference; a stored one is not read. */
  callAndShelve(...args: Parameters<F>): Promise<ShelvedResult<Awaited<ReturnType<F>>>>;
  /** Why the call would hit or miss. Changes nothing. */
  explain(...args: Parameters<F>): Promise<Explanation>;
  /** Whether a usable result is stored. Never computes, never deletes. */
  checkCallInCache(...args: Parameters<F>): Promise<boolean>;
  /** Deletes the stored result of one call. */
  delete(...args: Parameters<F>): Promise<Removed>;
  /** Deletes every stored result of this function, of all its versions. */
  clear(): Promise<Removed>;
  entries(query?: Omit<EntryQuery, 'functionId'>): EntryList;
  /**
   * The same function with other ways for one call.
   * @throws TypeError for a mistake in them.
   */
  with(overrides: CallOverrides<null> & { readonly into: TypedArray }): CachedCallOf<F, null>;
  with<N extends MaybeMode = M>(overrides: CallOverrides<N>): CachedCallOf<F, N>;
  /**
   * The same function with a receiver for the call and for every verb: `object.f.on(object).compute(x)`. A verb is called
   * on the function, so that it cannot see whose member that is.
   */
  on(receiver: ThisParameterType<F>): CachedFunction<F, M>;
  /** The original. */
  readonly fn: F;
  readonly id: string;
  readonly version: string | number | undefined;
  readonly memory: MemoryHandle;
}

const shelving = new Chunk(() => import('./shelve.ts'));

/** A function's calls, and the receiver that its verbs give it. */
interface Bound {
  readonly calls: FunctionCalls;
  readonly self: unknown;
}

const nothingRemoved: Removed = { removed: 0, freedBytes: 0 };

/** Calls of a closed memory compute; what is about its entries has nothing to answer. */
function assertOpen({ isClosed }: MemoryContext): void {
  if (isClosed) throw new MemoryClosedError();
}

/** What is said of a result where nothing can be found out. */
const unknownInfo = ({ id }: FunctionCalls): EntryInfo =>
  unstoredInfo({ key: '', functionId: id, computeMs: 0, argumentsPreview: '' });

async function compute({ calls, self }: Bound, args: readonly unknown[]) {
  const origin = new Origin(); // seen in this turn only
  const module = await shelving.load().catch(() => undefined);
  if (module) return module.computeWithInfo(calls, self, args, origin);
  const { value } = await calls.perform(self, args, { forceFresh: true, origin });
  return { value, info: unknownInfo(calls) };
}

async function callAndShelve({ calls, self }: Bound, args: readonly unknown[]): Promise<ShelvedResult> {
  const origin = new Origin();
  const module = await shelving.load().catch(() => undefined);
  if (module) return module.callAndShelve(calls, self, args, origin);
  const { value } = await calls.perform(self, args, { origin });
  return new HeldResult(value, unknownInfo(calls), calls.options.codecs);
}

async function checkCallInCache({ calls, self }: Bound, args: readonly unknown[]): Promise<boolean> {
  const { store } = calls;
  if (!store) return false;
  const call = await calls.callOf(store, self, args);
  if (calls.refusalOf(call)) return false;
  if (await findKept(call)) return true;
  const held = await findHeld(call);
  return held ? held.kind === 'hit' : (await findEntry(call)).kind === 'entry';
}

async function deleteCall({ calls, self }: Bound, args: readonly unknown[]): Promise<Removed> {
  const { store, context } = calls;
  assertOpen(context);
  if (!store) return nothingRemoved;
  const { key, untold } = await calls.callOf(store, self, args);
  if (untold) return nothingRemoved;
  calls.logStep(`Deleting ${key}`);
  return context.deleteKeys([key]);
}

async function clearFunction(calls: FunctionCalls): Promise<Removed> {
  const { store, context, keys } = calls;
  assertOpen(context);
  if (!store) return nothingRemoved;
  await keys.open();
  calls.logClearing();
  return context.clearFunction(calls.id, keys.functionKey);
}

const originals = new WeakMap<object, AnyFunction>();

/** The function under a cached one; anything else is itself. */
export const originalOf = <F extends AnyFunction>(fn: F): F => (originals.get(fn) as F | undefined) ?? fn; // set below with its own type

/** Makes the callable with its verbs. */
export function cachedFunction<F extends AnyFunction, M extends MaybeMode>(
  context: MemoryContext,
  fn: F,
  options: CacheOptions,
  wrapped: { facts: FunctionFacts | undefined; site: WrapSite },
): CachedFunction<F, M> {
  const calls = new FunctionCalls(context, fn, options, wrapped);
  return callable({ calls, self: undefined }, fn) as unknown as CachedFunction<F, M>; // defined member by member below
}

function callable(bound: Bound, fn: AnyFunction): AnyFunction {
  const { calls, self } = bound;
  const call = function (this: unknown, ...args: unknown[]): Promise<unknown> {
    return callAs(calls, self ?? this, args);
  };
  for (const [name, value] of Object.entries(verbsOf(bound, fn)))
    Object.defineProperty(call, name, { value, enumerable: true });
  Object.defineProperty(call, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(call, 'length', { value: fn.length, configurable: true });
  originals.set(call, fn);
  setMethod(call, fn);
  setToken(call, () => calls.keys.token, calls.keys.tokenReady);
  return call;
}

function verbsOf(bound: Bound, fn: AnyFunction) {
  const { calls, self } = bound;
  const { context, options } = calls;
  /** Calls without their object are answered as such, and said to be. */
  const withReceiver =
    <R>(verb: (args: readonly unknown[]) => Promise<R>) =>
    (...args: unknown[]): Promise<R> => {
      if (self === undefined) calls.keys.noteNoReceiver();
      return verb(args);
    };
  return {
    compute: withReceiver((args) => compute(bound, args)),
    callAndShelve: withReceiver((args) => callAndShelve(bound, args)),
    explain: withReceiver(async (args) => (await inspection.load()).explain(calls, self, args)),
    checkCallInCache: withReceiver((args) => checkCallInCache(bound, args)),
    delete: withReceiver((args) => deleteCall(bound, args)),
    clear: () => clearFunction(calls),
    entries: (query: Omit<EntryQuery, 'functionId'> = {}) => {
      assertOpen(context);
      return listEntries(calls.store, { ...query, functionId: calls.id });
    },
    with: (overrides: CallOverrides) => {
      checkOverrides(overrides, options, context.options);
      return function (this: unknown, ...args: unknown[]): Promise<unknown> {
        return callAs(calls, self ?? this, args, overrides);
      };
    },
    on: (receiver: unknown) => callable({ calls, self: receiver }, fn),
    fn,
    id: calls.id,
    version: options.version,
    memory: context.memory,
  };
}
