/** Calls whose result is given as MappedArrays, or is copied into the caller's buffer. */
import { MappedArray, type TypedArray } from '../arrays/arrays.ts';
import type { EntryRecord } from '../catalog/catalog.ts';
import { encode } from '../codec/codec.ts';
import { EntryBusyError, UnserializableResultError } from '../errors/errors.ts';
import { holdLock, writerLock } from '../locks/locks.ts';
import type { CachedCall } from './cached-call.ts';
import { decodeMapped } from './decode-mapped.ts';
import type { CallOverrides, FunctionCalls } from './function-calls.ts';
import { findEntry, type Hit, keptOf } from './lookup.ts';
import { mapLeaves } from './map-leaves.ts';
import { memoryPieces, outOfBand, type Shelf, storedPieces } from './mapped-pieces.ts';
import { isWriting, type MmapMode } from './options.ts';
import { signalsOf } from './signals.ts';

/** How a call wants its result, where it does not want a plain value. */
type Asked = { readonly mode: MmapMode } | { readonly into: TypedArray };

interface Request {
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly overrides: CallOverrides;
}

type MappedHit = Omit<Hit, 'kind' | 'copy'>;

/** The entry's result, mapped: only its skeleton is read. @throws EntryBusyError where another writer has it open */
export async function openMapped(shelf: Shelf, entry: EntryRecord, mode: MmapMode): Promise<unknown> {
  const { pieces, open, lease } = await storedPieces(shelf, entry, mode);
  try {
    return await decodeMapped(pieces, { mode, codecs: shelf.codecs, key: open.key });
  } finally {
    await lease.release();
  }
}

/** As openMapped(), for a mode that writes: one writer of an entry at a time, from before it is looked up. */
async function openAsWriter(
  shelf: Shelf,
  key: string,
  mode: MmapMode,
  find: () => Promise<EntryRecord | undefined>,
): Promise<{ value: unknown; entry: EntryRecord } | undefined> {
  const unlock = await holdLock(writerLock(shelf.store.name, key));
  if (!unlock) throw new EntryBusyError(key);
  try {
    const entry = await find();
    if (!entry) {
      await unlock();
      return undefined;
    }
    const { pieces, open, lease } = await storedPieces(shelf, entry, mode);
    open.onEnd(unlock);
    try {
      return { value: await decodeMapped(pieces, { mode, codecs: shelf.codecs, key }), entry };
    } finally {
      await lease.release();
    }
  } catch (error) {
    await unlock(); // a second time does nothing
    throw error;
  }
}

const shelfOf = ({ context, store, id, options }: CachedCall): Shelf => ({
  context,
  store,
  functionId: id,
  codecs: options.codecs,
});

/** A plain value, mapped over the memory that it has. The function's own objects stay as they are. */
export async function mapValue(
  value: unknown,
  mode: MmapMode,
  codecs: CachedCall['options']['codecs'],
): Promise<unknown> {
  try {
    const { skeleton, buffers } = encode(value, { codecs });
    const pieces = await memoryPieces(skeleton, outOfBand(buffers), mode);
    return await decodeMapped(pieces, { mode, codecs, key: '' });
  } catch (error) {
    if (error instanceof UnserializableResultError) return mapLeaves(value, mode);
    throw error;
  }
}

async function findKeptMapped(call: CachedCall, mode: MmapMode): Promise<MappedHit | undefined> {
  const kept = isWriting(mode) ? undefined : keptOf(call);
  if (!kept) return undefined;
  const { skeleton, buffers, computeMs, sizeBytes } = kept;
  const pieces = await memoryPieces(skeleton, buffers, mode);
  const value = await decodeMapped(pieces, { mode, codecs: call.options.codecs, key: call.key });
  return { source: 'memory', isStale: false, value, computeMs, sizeBytes };
}

/** The usable entry of the call, made at or after `since` where that is given; its age is then not asked again. */
async function findUsable(
  call: CachedCall,
  since: number | undefined,
): Promise<{ entry: EntryRecord; isStale: boolean } | undefined> {
  const found = await findEntry(call, since === undefined);
  return found.kind === 'entry' && found.entry.createdAt >= (since ?? 0) ? found : undefined;
}

async function findStoredMapped(
  call: CachedCall,
  mode: MmapMode,
  since?: number,
): Promise<MappedHit | undefined> {
  const found = await findUsable(call, since);
  if (!found) return undefined;
  const shelf = shelfOf(call);
  const opened = isWriting(mode)
    ? await openAsWriter(shelf, call.key, mode, async () => (await findUsable(call, since))?.entry)
    : { value: await openMapped(shelf, found.entry, mode), entry: found.entry };
  if (!opened) return undefined;
  const { computeMs, sizeBytes } = opened.entry;
  return { source: 'storage', isStale: found.isStale, value: opened.value, computeMs, sizeBytes };
}

/** A stored result, mapped. An entry that cannot be opened is a miss: the plain way finds out why. */
async function findMapped(call: CachedCall, mode: MmapMode, since?: number): Promise<MappedHit | undefined> {
  try {
    const kept = since === undefined ? await findKeptMapped(call, mode) : undefined;
    return kept ?? (await findStoredMapped(call, mode, since));
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
  const hit = calls.keys.ambiguity() ? undefined : await findMapped(call, mode);
  if (hit) calls.landed(call, hit, start);
  return hit;
}

/** The call's result with a MappedArray for every typed array, whether it was stored before, is stored now, or cannot be. */
async function callMapped(calls: FunctionCalls, request: Request, mode: MmapMode): Promise<unknown> {
  const { self, args, overrides } = request;
  const { store, options } = calls;
  const since = Date.now();
  const call = store && (await calls.callOf(store, self, args));
  if (call && !overrides.forceFresh) {
    const hit = await findHit(calls, call, mode);
    if (hit) return hit.value;
  }
  const { value, ended } = await calls.perform(self, args, overrides);
  await ended;
  if (!call || calls.keys.ambiguity()) return mapValue(value, mode, options.codecs);
  const stored =
    (await findMapped(call, mode, since)) ??
    (overrides.forceFresh ? undefined : await findMapped(call, mode));
  return stored ? stored.value : mapValue(value, mode, options.codecs);
}

const nameOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

const isTypedArray = (value: unknown): value is TypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

function refuseInto(found: unknown): never {
  throw new TypeError(`"into" takes a result that is one typed array, and this one is ${nameOf(found)}`);
}

/** Fills the caller's buffer; what is stored is read straight into it, a few MiB at a time. */
async function callInto(calls: FunctionCalls, request: Request, into: TypedArray): Promise<TypedArray> {
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

/** The ways of this call, of the function, of the memory: the first that says anything. */
function askedOf({ options, context }: FunctionCalls, { mmapMode, into }: CallOverrides): Asked | undefined {
  if (into) return { into };
  const inherited = options.mmapMode === undefined ? context.options.mmapMode : options.mmapMode;
  const mode = mmapMode === undefined ? inherited : mmapMode;
  return mode ? { mode } : undefined;
}

/** A call in the way that is asked for. */
export async function callAs(
  calls: FunctionCalls,
  self: unknown,
  args: readonly unknown[],
  overrides: CallOverrides = {},
): Promise<unknown> {
  const asked = askedOf(calls, overrides);
  if (!asked) return (await calls.perform(self, args, overrides)).value;
  for (const signal of signalsOf(args)) signal.throwIfAborted();
  overrides.signal?.throwIfAborted();
  const request = { self, args, overrides };
  return 'into' in asked ? callInto(calls, request, asked.into) : callMapped(calls, request, asked.mode);
}
