/** Calls whose result is given as MappedArrays, or is copied into the caller's buffer. Fetched when one is first asked for. */
import { MappedArray, type TypedArray } from '../arrays/arrays.ts';
import {
  type CachedCall,
  type CallWays,
  type FunctionCalls,
  findEntry,
  findOffer,
  freshnessOf,
  type Hit,
  keptOf,
} from '../calls/calls.ts';
import type { EntryRecord } from '../catalog/catalog.ts';
import { EntryBusyError, ResultEvictedError } from '../errors/errors.ts';
import {
  assertOpen,
  decodeMapped,
  mapValue,
  memoryPieces,
  openMapped,
  type Shelf,
} from '../mapped/mapped.ts';
import { isWriting, type MmapMode } from '../options/options.ts';

export interface Request {
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly overrides: CallWays;
}

type MappedHit = Omit<Hit, 'kind' | 'copy'>;

const shelfOf = ({ context, store, id, key, options }: CachedCall): Shelf => ({
  ...{ context, store, key },
  functionId: id,
  codecs: options.codecs,
});

async function findKeptMapped(call: CachedCall, mode: MmapMode): Promise<MappedHit | undefined> {
  const kept = isWriting(mode) ? undefined : keptOf(call);
  if (!kept) return undefined;
  const { skeleton, buffers, computeMs, sizeBytes } = kept;
  const { store, key } = call;
  const lease = { key, touch: () => assertOpen(store), release: async () => undefined };
  const pieces = await memoryPieces(skeleton, buffers, mode, lease);
  const value = await decodeMapped(pieces, { mode, codecs: call.options.codecs, key: call.key });
  return { source: 'memory', isStale: false, value, computeMs, sizeBytes };
}

/** The usable entry of the call, made at or after `since` where that is given; its age is then not asked again. */
async function findUsable(
  call: CachedCall,
  since: number | undefined,
): Promise<{ entry: EntryRecord; isStale: boolean } | undefined> {
  const found = await findEntry(call, since === undefined);
  if (found.kind !== 'entry' || since === undefined) return found.kind === 'entry' ? found : undefined;
  const { createdAt } = found.entry;
  return createdAt >= since && createdAt <= Date.now() ? found : undefined; // one from the future is not this call's
}

async function findStoredMapped(
  call: CachedCall,
  mode: MmapMode,
  since?: number,
): Promise<MappedHit | undefined> {
  const found = await findUsable(call, since);
  if (!found) return undefined;
  const findAgain = async (): Promise<EntryRecord> => {
    const again = await findUsable(call, since);
    if (!again) throw new ResultEvictedError(call.key);
    return again.entry;
  };
  const find = isWriting(mode) ? findAgain : async () => found.entry;
  const value = await openMapped(shelfOf(call), mode, find);
  const { computeMs, sizeBytes } = found.entry;
  return { source: 'storage', isStale: found.isStale, value, computeMs, sizeBytes };
}

/** A result of a pack, or of the shared tier: read from there by range; where the mode writes, it is stored here first. */
async function findOfferedMapped(call: CachedCall, mode: MmapMode): Promise<MappedHit | undefined> {
  const offer = call.context.elsewhere && (await findOffer(call));
  if (!offer) return undefined;
  if (isWriting(mode)) return (await offer.keep()) ? findStoredMapped(call, mode) : undefined;
  const value = await decodeMapped(await offer.pieces(), {
    mode,
    codecs: call.options.codecs,
    key: call.key,
  });
  const { source, sizeBytes } = offer;
  const { computeMs, createdAt } = offer.entry;
  call.context.elsewhere?.noteHit(source);
  return {
    source,
    isStale: freshnessOf(call, createdAt) === 'stale',
    value,
    computeMs,
    sizeBytes,
    createdAt,
  };
}

/** A stored result, mapped. An entry that cannot be opened is a miss: the plain way finds out why. */
async function findMapped(call: CachedCall, mode: MmapMode, since?: number): Promise<MappedHit | undefined> {
  try {
    const kept = since === undefined ? await findKeptMapped(call, mode) : undefined;
    const stored = kept ?? (await findStoredMapped(call, mode, since));
    return stored ?? (since === undefined ? await findOfferedMapped(call, mode) : undefined);
  } catch (error) {
    if (error instanceof EntryBusyError) throw error;
    return undefined;
  }
}

/** A hit, counted and announced. */
async function findHit(
  calls: FunctionCalls,
  call: CachedCall,
  mode: MmapMode,
): Promise<MappedHit | undefined> {
  const start = performance.now();
  const hit = calls.refusalOf(call) ? undefined : await findMapped(call, mode);
  if (hit) calls.delivered(call, hit, start);
  return hit;
}

/** What was stored by this call, or else what is stored. */
async function findAfter(
  calls: FunctionCalls,
  call: CachedCall,
  mode: MmapMode,
  { since, forceFresh }: { since: number; forceFresh: boolean | undefined },
): Promise<MappedHit | undefined> {
  if (calls.refusalOf(call)) return undefined;
  // This realm may have answered with a value that is still on its way into the store.
  const under = calls.context.flights.get(call.key);
  if (under?.isSettled) await under.ended;
  return (await findMapped(call, mode, since)) ?? (forceFresh ? undefined : findMapped(call, mode));
}

/** The call's result with a MappedArray for every typed array, whether it was stored before, is stored now, or cannot be. */
export async function callMapped(calls: FunctionCalls, request: Request, mode: MmapMode): Promise<unknown> {
  const { self, args, overrides } = request;
  const { store, options } = calls;
  const when = { since: Date.now(), forceFresh: overrides.forceFresh };
  const call = store && (await calls.callOf(store, self, args));
  const hit = call && !overrides.forceFresh ? await findHit(calls, call, mode) : undefined;
  if (hit) return hit.value;
  let outcome = await calls.perform(self, args, { ...overrides, isUnread: true });
  await outcome.ended;
  let stored = call && (await findAfter(calls, call, mode, when));
  if (!stored && outcome.isUnread) {
    // The entry went, or cannot be opened: the plain way finds out, and computes.
    outcome = await calls.perform(self, args, overrides);
    await outcome.ended;
    stored = call && (await findAfter(calls, call, mode, when));
  }
  return stored ? stored.value : mapValue(outcome.value, mode, options.codecs);
}

const nameOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

const isTypedArray = (value: unknown): value is TypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

function refuseInto(found: unknown): never {
  throw new TypeError(`"into" takes a result that is one typed array, and this one is ${nameOf(found)}`);
}

/** Fills the caller's buffer; what is stored is read straight into it, a few MiB at a time. */
export async function callInto(
  calls: FunctionCalls,
  request: Request,
  into: TypedArray,
): Promise<TypedArray> {
  const { self, args, overrides } = request;
  const call = calls.store && (await calls.callOf(calls.store, self, args));
  const hit = call && !overrides.forceFresh ? await findHit(calls, call, 'r') : undefined;
  const plain = hit ? undefined : (await calls.perform(self, args, overrides)).value;
  if (!hit && !isTypedArray(plain)) refuseInto(plain);
  const result = hit ? hit.value : await mapValue(plain, 'r', undefined);
  if (!(result instanceof MappedArray)) refuseInto(result);
  try {
    return await result.read(0, result.length, into);
  } finally {
    await result.close();
  }
}
