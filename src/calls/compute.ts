/** Runs the function of a call and keeps its value; whatever happens to the keeping, the caller has the value. */

import { isChangedWhileStoring } from '../blobs/blobs.ts';
import type { Epochs } from '../catalog/catalog.ts';
import { encode, type OutOfBandBuffer } from '../codec/codec.ts';
import { StorageFullError, UnserializableResultError } from '../errors/errors.ts';
import type { MissReason, SkipReason } from '../events/events.ts';
import { wait } from '../locks/locks.ts';
import { type Compression, resolveCompression } from '../options/options.ts';
import {
  type Booked,
  copyForRetry,
  isStorageFull,
  persist,
  type Stored,
  type Storing,
  storageFull,
  storeOrMakeRoom,
} from '../store/store.ts';
import { previewOf } from '../values/values.ts';
import type { CachedCall } from './cached-call.ts';
import type { CallLog } from './call-log.ts';
import { enter } from './chain.ts';
import type { Flight } from './flight.ts';
import { decodeCopy } from './lookup.ts';
import { withoutSignals, withSignal } from './signals.ts';
import { measure } from './timeline.ts';

interface Refusal {
  readonly reason: SkipReason;
  readonly error?: unknown;
}

/** A function ready to run, and what is needed to keep what it returns. */
export interface Computation {
  readonly call: CachedCall;
  readonly log: CallLog;
  readonly fn: (...args: unknown[]) => unknown;
  readonly reason: MissReason;
  /** As they were when the call was looked up: a clear() since then is not undone. Undefined where they cannot be read. */
  readonly epochs: Promise<Epochs | undefined>;
  readonly identity: string;
  /** Whether other page loads can be told that it is this code. */
  readonly isPersistent: boolean;
  /** Why the value is not to be kept at all, if so. */
  refusal(): Refusal | undefined;
  /** In development: whether the code on disk is still the code that ran. */
  readonly isCurrent: (() => Promise<boolean>) | undefined;
  /** The key of the same call, hashed again. */
  rekey(): string | Promise<string>;
  /** Digests of captures and arguments by path. */
  digests(): Promise<Record<string, string>>;
}

interface Computed {
  readonly value: unknown;
  readonly computeMs: number;
  readonly createdAt: number;
  readonly preview: string;
  readonly digests: Readonly<Record<string, string>>;
  readonly epochs: Epochs | undefined;
  readonly maxBytes: number;
  readonly skip: Refusal | undefined;
}

interface Encoded {
  readonly skeleton: Uint8Array;
  readonly buffers: readonly OutOfBandBuffer[];
}

function failureOf(error: unknown, neededBytes: number): { reason: SkipReason; error: unknown } {
  if (isChangedWhileStoring(error)) return { reason: 'changed-while-storing', error };
  if (isStorageFull(error)) return { reason: 'storage-full', error: storageFull(error, neededBytes) };
  return { reason: 'storage-failed', error };
}

function skip(call: CachedCall, { reason, error }: Refusal): void {
  call.context.emit({ kind: 'skip', functionId: call.id, key: call.key, reason, error });
}

/** Enters the function. Rejects only with what the function throws. */
async function run({ call, fn, refusal, rekey, ...rest }: Computation, flight: Flight): Promise<Computed> {
  let skipped = refusal();
  const epochs = await rest.epochs;
  const maxBytes = await call.context.maxBytes();
  const preview = previewOf(withoutSignals(call.args));
  const digests = skipped ? {} : await rest.digests().catch(() => ({})); // only explain() misses them
  // The lookup took time: what is computed now is stored under the key of what it is computed from.
  if (!skipped && (await rekeyed(rekey)) !== call.key) skipped = { reason: 'arguments-changed' };
  flight.signal.throwIfAborted(); // nobody waits for it any more
  rest.log.calling(call.args);
  rest.log.step(`Computing ${call.key}: ${rest.reason}`);
  const start = performance.now();
  // A function that is quick is worth waiting for: one that has not settled in a turn may never do.
  void wait(0).then(() => flight.noteWaiting());
  const value = await enter(flight, () => fn.apply(call.self, withSignal(call.args, flight.signal)));
  flight.signal.throwIfAborted(); // what comes of a run that was given up is not kept
  flight.computed();
  call.context.track(flight.ended);
  const computeMs = performance.now() - start;
  rest.log.computed(computeMs);
  if (!skipped && (await rekeyed(rekey)) !== call.key) skipped = { reason: 'arguments-changed' };
  if (!skipped && rest.isCurrent && !(await rest.isCurrent().catch(() => false)))
    skipped = { reason: 'code-changed' };
  skipped ??= refusal(); // another function may have claimed the identity meanwhile
  measure('compute', call.id, start, computeMs);
  call.context.emit({ kind: 'compute', functionId: call.id, key: call.key, reason: rest.reason, computeMs });
  return { value, computeMs, createdAt: Date.now(), preview, digests, epochs, maxBytes, skip: skipped };
}

/** Arguments that cannot be hashed any more have changed. */
async function rekeyed(rekey: () => string | Promise<string>): Promise<string> {
  try {
    return await rekey();
  } catch {
    return '';
  }
}

function isWorthKeeping({ call }: Computation, { value, computeMs }: Computed): boolean {
  const { storeIf } = call.options;
  return !storeIf || storeIf(value as never, { computeMs }); // the type of F's value is erased here
}

function encodeValue(computation: Computation, computed: Computed): Encoded | Refusal {
  if (computed.skip) return computed.skip;
  try {
    if (!isWorthKeeping(computation, computed)) return { reason: 'not-worth-keeping' };
    return encode(computed.value, { root: 'result', codecs: computation.call.options.codecs });
  } catch (error) {
    return {
      reason: error instanceof UnserializableResultError ? 'unserializable' : 'storage-failed',
      error,
    };
  }
}

function copier(encoded: Encoded, call: CachedCall): (() => unknown) | undefined {
  if (encoded.buffers.some((buffer) => buffer.kind === 'blob')) return undefined;
  const buffers = encoded.buffers.map((buffer) =>
    buffer.kind === 'blob' ? new Uint8Array() : (buffer.bytes as Uint8Array<ArrayBuffer>),
  ); // shared memory was refused
  return () => decodeCopy({ skeleton: encoded.skeleton, buffers }, call);
}

function compressionOf(call: CachedCall): Compression | false {
  const { compress } = call.options;
  return compress === undefined ? call.context.options.compress : resolveCompression(compress);
}

const bytesOfEncoded = ({ skeleton, buffers }: Encoded): number =>
  buffers.reduce(
    (sum, buffer) => sum + (buffer.kind === 'blob' ? buffer.blob.size : buffer.bytes.byteLength),
    skeleton.byteLength,
  );

/** Keeps a small value in this realm, without another copy. */
function keepInTier(
  { call, isPersistent }: Computation,
  { createdAt, computeMs }: Computed,
  copied: Encoded,
): void {
  const sizeBytes = bytesOfEncoded(copied);
  if (!call.context.tier.accepts(sizeBytes)) return;
  const buffers: Uint8Array<ArrayBuffer>[] = [];
  for (const buffer of copied.buffers) {
    if (buffer.kind === 'blob') return; // its bytes are not at hand
    buffers.push(buffer.bytes as Uint8Array<ArrayBuffer>); // copied by copyForRetry()
  }
  const kept = {
    functionId: call.id,
    functionKey: call.functionKey,
    skeleton: copied.skeleton,
    buffers,
    createdAt,
    computeMs,
    sizeBytes,
    isStored: isPersistent,
  };
  call.context.tier.put(call.key, kept, call.tierEpoch);
}

/** A value larger than the whole memory may be would only drive everything else out, and then itself. */
function assertWithinLimit(sizeBytes: number, { maxBytes }: Computed): void {
  if (sizeBytes > maxBytes) throw new StorageFullError(sizeBytes, maxBytes);
}

function startStoring(
  { call, identity, reason }: Computation,
  computed: Computed,
  epochs: Epochs,
  encoded: Encoded,
): Storing {
  const { tags = [] } = call.options;
  const { key, functionKey, id: functionId } = call;
  const { preview: argumentsPreview, digests, createdAt, computeMs } = computed;
  return persist(call.store, {
    ...encoded,
    ...{ key, functionKey, functionId, identity, argumentsPreview, digests, createdAt, computeMs, epochs },
    tags: typeof tags === 'function' ? tags(...(call.args as never[])) : tags, // the parameters' types are erased here
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

/** Computes, hands the value to the flight as soon as its bytes are taken, and sees the storing through. */
export async function computeAndStore(computation: Computation, flight: Flight): Promise<void> {
  const { call, isPersistent } = computation;
  let computed: Computed;
  try {
    computed = await run(computation, flight);
  } catch (error) {
    flight.fail(error);
    return;
  }
  computation.log.step(`Persisting ${call.key}`);
  const { value, epochs } = computed;
  const encoded = encodeValue(computation, computed);
  if ('reason' in encoded) {
    flight.settle({ value });
    skip(call, encoded);
    return;
  }
  const copied = copyForRetry(encoded);
  if (copied) keepInTier(computation, computed, copied);
  const result = { value, copy: copier(encoded, call) };
  if (!isPersistent || !epochs || call.store.isClosed) {
    flight.settle(result);
    const failure = call.store.isClosed ? 'cleared' : 'storage-failed';
    skip(call, { reason: isPersistent ? failure : 'no-identity' });
    return;
  }
  try {
    const sizeBytes = bytesOfEncoded(encoded);
    assertWithinLimit(sizeBytes, computed);
    const storing = storeOrMakeRoom(
      () => startStoring(computation, computed, epochs, copied ?? encoded),
      copied !== undefined,
      () => call.context.makeRoom(call.store, sizeBytes),
    );
    storing.committed.catch(() => undefined); // awaited below, after the value has been handed over
    await storing.taken;
    flight.settle(result);
    const stored = await storing.committed;
    if (!stored.isCommitted) return revoke(call);
    const reason = stored.isReplaced ? 'replaced' : 'computed';
    call.context.emit({
      kind: 'store',
      functionId: call.id,
      key: call.key,
      reason,
      sizeBytes: stored.sizeBytes,
      storeMs: stored.storeMs,
    });
    keepLimits(call, stored);
  } catch (error) {
    // What changed under the copying is not what the other callers asked for.
    if (!flight.isSettled) flight.settle(isChangedWhileStoring(error) ? { value } : result);
    skip(call, failureOf(error, bytesOfEncoded(encoded)));
  }
}
