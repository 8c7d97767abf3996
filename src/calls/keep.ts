/** Keeps what was computed: in this realm, and in the store. Whatever happens to it, nothing is thrown. */
import { isChangedWhileStoring } from '../blobs/blobs.ts';
import type { Epochs } from '../catalog/catalog.ts';
import { StorageFullError } from '../errors/errors.ts';
import { type Compression, resolveCompression } from '../options/options.ts';
import {
  type Booked,
  isStorageFull,
  persist,
  type Stored,
  storageFull,
  storeOrMakeRoom,
} from '../store/store.ts';
import type { CachedCall } from './cached-call.ts';
import type { Computation, Computed, Refusal } from './computation.ts';
import { maxAgeOf } from './lookup.ts';
import { noteSkipped } from './notices.ts';
import type { Taken } from './take.ts';

function failureOf(error: unknown, neededBytes: number): Refusal {
  if (isChangedWhileStoring(error)) return { reason: 'changed-while-storing', error };
  if (isStorageFull(error)) return { reason: 'storage-full', error: storageFull(error, neededBytes) };
  return { reason: 'storage-failed', error };
}

export function skip(call: CachedCall, { reason, error, path }: Refusal): void {
  const where = path === undefined ? {} : { path };
  call.context.emit({ kind: 'skip', functionId: call.id, key: call.key, reason, error, ...where });
  noteSkipped(call.history, reason, { error, path });
}

function compressionOf(call: CachedCall): Compression | false {
  const { compress } = call.options;
  return compress === undefined ? call.context.options.compress : resolveCompression(compress);
}

/** Keeps a small value in this realm, without another copy. */
function keepInTier(
  { call, isPersistent }: Computation,
  { createdAt, computeMs, preview: argumentsPreview }: Computed,
  taken: Taken,
): void {
  const { sizeBytes } = taken;
  if (taken.guard || !call.context.tier.accepts(sizeBytes)) return;
  const buffers: Uint8Array<ArrayBuffer>[] = [];
  for (const buffer of taken.buffers) {
    if (buffer.kind === 'blob') return; // its bytes are not at hand
    buffers.push(buffer.bytes as Uint8Array<ArrayBuffer>); // copied by take()
  }
  const kept = {
    functionId: call.id,
    functionKey: call.functionKey,
    skeleton: taken.skeleton,
    buffers,
    createdAt,
    computeMs,
    sizeBytes,
    argumentsPreview,
    isStored: isPersistent,
  };
  call.context.tier.put(call.key, kept, call.tierEpoch);
}

/** Below, a page that has computed a value can also read it. */
const SURE_BYTES = 2 ** 30;

/** Why a value could never be read again, found by doing: engines have limits of their own for one buffer. */
function excessOf({ buffers }: Taken): Refusal | undefined {
  for (const buffer of buffers) {
    if (buffer.kind === 'blob' || buffer.bytes.byteLength < SURE_BYTES) continue;
    try {
      new ArrayBuffer(buffer.bytes.byteLength);
    } catch (error) {
      return { reason: 'too-large', error };
    }
  }
  return undefined;
}

/** A value larger than the whole memory may be would only drive everything else out, and then itself. */
function assertWithinLimit(sizeBytes: number, { maxBytes }: Computed): void {
  if (sizeBytes > maxBytes) throw new StorageFullError(sizeBytes, maxBytes);
}

function startStoring(
  { call, identity, reason }: Computation,
  computed: Computed,
  epochs: Epochs,
  { skeleton, buffers, guard }: Taken,
): Promise<Stored> {
  const { tags = [], version } = call.options;
  const { key, functionKey, id: functionId } = call;
  const { preview: argumentsPreview, digests, createdAt, computeMs, result } = computed;
  const maxAgeMs = maxAgeOf(call);
  return persist(call.store, {
    ...{ skeleton, buffers, guard },
    ...{ key, functionKey, functionId, identity, argumentsPreview, digests, createdAt, computeMs, epochs },
    tags: typeof tags === 'function' ? tags(...(call.args as never[])) : tags, // the parameters' types are erased here
    result,
    version: version === undefined ? undefined : String(version),
    maxAgeMs: maxAgeMs === Number.POSITIVE_INFINITY ? undefined : maxAgeMs,
    isNew: reason === 'absent',
    compress: compressionOf(call),
  });
}

/** A clear() came first: what was computed before it is not kept. */
function revoke(call: CachedCall): void {
  call.context.tier.delete(call.key);
  skip(call, { reason: 'cleared' });
}

/** Keeps the memory's limits, once it is known what the entry adds to its totals. */
function keepLimits(call: CachedCall, stored: Stored): void {
  const { context, store } = call;
  if (stored.booked === undefined) {
    context.onStored(store, stored);
    return;
  }
  const see = ({ isCommitted, totalBytes }: Booked): void =>
    isCommitted ? context.onStored(store, { ...stored, totalBytes }) : revoke(call);
  context.track(stored.booked.then(see, (error: unknown) => skip(call, failureOf(error, stored.sizeBytes))));
}

function announce(call: CachedCall, stored: Stored): void {
  if (!stored.isCommitted) {
    revoke(call);
    return;
  }
  call.context.emit({
    kind: 'store',
    functionId: call.id,
    key: call.key,
    reason: stored.isReplaced ? 'replaced' : 'computed',
    sizeBytes: stored.sizeBytes,
    storeMs: stored.storeMs,
  });
  call.store.news.add('stored', { functionId: call.id, key: call.key });
  keepLimits(call, stored);
}

/** Another call filled the same memory before its bytes were taken, or may have. */
async function forget(call: CachedCall): Promise<void> {
  skip(call, { reason: 'changed-while-storing' });
  await call.context.deleteKeys([call.key]).catch(() => undefined); // closed meanwhile
}

/** Keeps the value where it may be kept; `answer` gives it to the callers. */
export async function keep(
  computation: Computation,
  computed: Computed,
  taken: Taken,
  answer: () => void,
): Promise<Refusal | undefined> {
  const { call, isPersistent } = computation;
  const { epochs } = computed;
  keepInTier(computation, computed, taken);
  taken.run.onSpoilt = () => call.context.track(forget(call));
  if (!isPersistent) return { reason: 'no-identity' };
  if (!epochs || call.store.isClosed) return { reason: call.store.isClosed ? 'cleared' : 'storage-failed' };
  const excess = excessOf(taken);
  if (excess) return excess;
  // What is too large to copy is its caller's when it is stored: to change it before would cost the entry.
  if (!taken.guard || taken.memory === 'lent') answer();
  try {
    assertWithinLimit(taken.sizeBytes, computed);
    const stored = await storeOrMakeRoom(
      () => startStoring(computation, computed, epochs, taken),
      () => call.context.makeRoom(call.store, taken.sizeBytes),
    );
    answer();
    announce(call, stored);
    call.context.elsewhere?.stored(call);
    if (taken.run.isSpoilt) await forget(call);
    return undefined;
  } catch (error) {
    return failureOf(error, taken.sizeBytes);
  }
}
