/** Runs the function of a call and keeps its value; whatever happens to the keeping, the caller has the value. */

import { isChangedWhileStoring } from '../blobs/blobs.ts';
import type { CollectedStream } from '../codec/codec.ts';
import { wait } from '../deferred/deferred.ts';
import { type Checksum, createChecksum } from '../digest/digest.ts';
import { UnserializableResultError } from '../errors/errors.ts';
import type { EntryName } from '../locks/locks.ts';
import { previewOf, summaryOf } from '../values/values.ts';
import type { CachedCall } from './cached-call.ts';
import { calling, returned, step } from './call-log.ts';
import { leave, runAs, settled } from './chain.ts';
import { collect, isStreamed, type Streamed } from './collect-stream.ts';
import type { Computation, Computed, Prelude, Refusal } from './computation.ts';
import { enter, isTaskLater } from './enter.ts';
import type { Flight } from './flight.ts';
import { keep, skip } from './keep.ts';
import { decodeCopy } from './lookup.ts';
import { differingPaths, noteMissed } from './notices.ts';
import { beginRun, endRun } from './runs.ts';
import { signalsSeen, withoutSignals, withSignal } from './signals.ts';
import { type Taken, type TakeOptions, take } from './take.ts';
import { measure } from './timeline.ts';
import { ArgumentMemory } from './transfers.ts';

export type { Computation } from './computation.ts';

async function prepare({ call, refusal, rekey, ...rest }: Computation): Promise<Prelude> {
  let skip = refusal();
  const epochs = await rest.epochs;
  const [maxBytes, checksum] = await Promise.all([call.context.maxBytes(), createChecksum()]);
  const preview = previewOf(withoutSignals(call.args));
  const digests = skip ? {} : await rest.digests().catch(() => ({})); // only explain() misses them
  // The lookup took time: what is computed now is stored under the key of what it is computed from.
  if (!skip && (await rekeyed(rekey)) !== call.key) skip = { reason: 'arguments-changed' };
  if (!skip && rest.reason === 'absent') noteMissed(call.history, digests, rest.values);
  const isOnlyTransferred = skip ? async () => false : await watchTransfers(call.args, rekey, checksum);
  return { preview, digests, epochs, maxBytes, checksum, isOnlyTransferred, skip };
}

/** Looks at the memory among the arguments before the function is entered; returns what tells what became of it. */
async function watchTransfers(
  args: readonly unknown[],
  rekey: Computation['rekey'],
  checksum: Checksum,
): Promise<Prelude['isOnlyTransferred']> {
  const memory = new ArgumentMemory(args, checksum);
  if (memory.isEmpty) return async () => false;
  const before = await rekeyed(rekey, memory.outline());
  return async () => memory.isTransferred && (await rekeyed(rekey, memory.outline())) === before;
}

const nameOf = ({ id, key }: CachedCall): EntryName => ({ functionId: id, key });

/** Enters the function. Rejects only with what the function throws. */
async function run(computation: Computation, flight: Flight): Promise<Computed> {
  const { call, fn, log, reason } = computation;
  const prelude = await prepare(computation);
  const seen = signalsSeen(call.self, call.args);
  const isAborted = (): boolean => [flight.signal, ...seen].some((signal) => signal.aborted);
  const own = beginRun(fn);
  let start = performance.now();
  const begin = (): unknown => {
    flight.signal.throwIfAborted();
    calling(log, call.args);
    step(log, `Computing ${call.key}: ${reason}`);
    call.store.news.add('computing', nameOf(call));
    start = performance.now();
    // A function that is quick is worth waiting for: one that has not settled in a turn may never do.
    void wait(0).then(() => flight.noteWaiting());
    return runAs(flight, () => fn.apply(call.self, withSignal(call.args, flight.signal)));
  };
  const end = (value: unknown): Computed | Promise<Computed> => {
    const computeMs = performance.now() - start;
    endRun(own);
    leave(flight);
    call.store.news.settled(nameOf(call));
    flight.computed();
    call.context.track(flight.ended);
    const skip: Refusal | undefined = isAborted() ? { reason: 'aborted' } : prelude.skip;
    const taken =
      skip ??
      (isStreamed(value)
        ? toBeRead
        : takeValue(computation, { value, computeMs, checksum: prelude.checksum, run: own }));
    returned(log, computeMs);
    measure('compute', call.id, start, computeMs);
    call.context.emit({ kind: 'compute', functionId: call.id, key: call.key, reason, computeMs });
    const computed = { ...prelude, value, result: summaryOf(value), computeMs, createdAt: Date.now() };
    return taken instanceof Promise
      ? taken.then((late) => ({ ...computed, taken: late }))
      : { ...computed, taken };
  };
  try {
    return await enter(begin, end, (value, take) => settled(flight, value, take));
  } catch (error) {
    // What a signal of its own caller made it throw is nothing to those who joined.
    endRun(own);
    leave(flight);
    call.store.news.settled(nameOf(call));
    flight.fail(error, !isAborted());
    throw error;
  }
}

/** Why a value is not to be kept after all: what it depends on changed while it was computed. */
async function objection(
  { call, rekey, isCurrent, refusal, digests }: Computation,
  { run }: Taken,
  { digests: before, isOnlyTransferred }: Computed,
): Promise<Refusal | undefined> {
  const isSame = (await rekeyed(rekey)) === call.key || (await isOnlyTransferred());
  if (!isSame) return changed(before, digests);
  if (isCurrent && !(await isCurrent().catch(() => false))) return { reason: 'code-changed' };
  if (run.isSpoilt) return { reason: 'changed-while-storing' };
  return refusal(); // another function may have claimed the identity meanwhile
}

/** Where the arguments are others than before. */
async function changed(before: Computed['digests'], digests: Computation['digests']): Promise<Refusal> {
  const after = await digests().catch(() => undefined);
  return { reason: 'arguments-changed', path: after && differingPaths(before, after)[0] };
}

/** Arguments that cannot be hashed any more have changed. */
async function rekeyed(rekey: Computation['rekey'], args?: readonly unknown[]): Promise<string> {
  try {
    return await rekey(args);
  } catch {
    return '';
  }
}

function unencodable(error: unknown): Refusal {
  if (isChangedWhileStoring(error)) return { reason: 'changed-while-storing', error };
  return { reason: error instanceof UnserializableResultError ? 'unserializable' : 'storage-failed', error };
}

interface ToTake extends Pick<Computed, 'value' | 'computeMs'>, Omit<TakeOptions, 'codecs'> {
  /** What the function returned, where that is not what is stored. */
  readonly given?: unknown;
}

/** A promise only where a codec takes its time. */
function takeValue(
  { call }: Computation,
  { value, given = value, computeMs, checksum, run }: ToTake,
): Taken | Refusal | Promise<Taken | Refusal> {
  const { storeIf, codecs } = call.options;
  try {
    // the type of F's value is erased here
    if (storeIf && !storeIf(given as never, { computeMs })) return { reason: 'not-worth-keeping' };
    const taken = take(value, { codecs, checksum, run });
    return taken instanceof Promise ? taken.catch(unencodable) : taken;
  } catch (error) {
    return unencodable(error);
  }
}

/** Makes copies of the value; throws where its memory is not what it was. */
function copier({ skeleton, buffers, guard }: Taken, call: CachedCall): () => unknown {
  // shared memory was refused
  const contents = buffers.map((each) =>
    each.kind === 'blob' ? each.blob : (each.bytes as Uint8Array<ArrayBuffer>),
  );
  return () => {
    guard?.assertIntact();
    return decodeCopy({ skeleton, buffers: contents }, call);
  };
}

/** What the caller gets: of memory that the function goes on using, or had a task to change, a copy. */
async function valueFor(
  value: unknown,
  { memory, guard }: Taken,
  isLate: boolean,
  copy?: () => unknown,
): Promise<unknown> {
  const isAtRisk = memory === 'lent' || (isLate && memory === 'fresh');
  if (!isAtRisk || guard || !copy) return value;
  try {
    return await copy();
  } catch {
    return value;
  }
}

/** In place of the bytes of a stream, which nobody has yet. */
const toBeRead: Refusal = { reason: 'stream-unfinished' };

/** What the caller reads in place of the function's stream. It is kept once it was read to its end, unless something changed meanwhile. */
function streamed(computation: Computation, computed: Computed, value: Streamed): Streamed {
  const { call, fn } = computation;
  const start = performance.now();
  const keepAll = async (collected: CollectedStream): Promise<void> => {
    const run = beginRun(fn);
    endRun(run); // what is collected is nobody else's memory
    const all = { ...computed, computeMs: computed.computeMs + performance.now() - start };
    const taken = await takeValue(computation, { ...all, value: collected, given: value, run });
    const refused =
      'reason' in taken
        ? taken
        : ((await objection(computation, taken, computed)) ??
          (await keep(computation, all, taken, () => undefined)));
    if (refused) skip(call, refused);
  };
  return collect(value, {
    codecs: call.options.codecs,
    maxBytes: computed.maxBytes,
    keep: (collected) => call.context.track(keepAll(collected)),
    drop: (error) => skip(call, { ...toBeRead, error }),
  });
}

/** Computes, hands the value to the flight, and sees the storing through. */
export async function computeAndStore(computation: Computation, flight: Flight): Promise<void> {
  const { call } = computation;
  let computed: Computed;
  try {
    computed = await run(computation, flight);
  } catch {
    return; // the flight has failed
  }
  step(computation.log, `Persisting ${call.key}`);
  const { value, taken } = computed;
  if (taken === toBeRead && isStreamed(value)) {
    flight.settle({ value: streamed(computation, computed, value), isStream: true });
    return;
  }
  if ('reason' in taken) {
    flight.settle({ value });
    skip(call, taken);
    return;
  }
  const objecting = objection(computation, taken, computed);
  const isLate = await isTaskLater(objecting);
  const objected = await objecting;
  const copy = copier(taken, call);
  const own = await valueFor(value, taken, isLate, copy);
  const answer = (shared?: typeof copy): void => {
    if (!flight.isSettled) flight.settle({ value: own, copy: shared });
  };
  const refused = objected ?? (await keep(computation, computed, taken, () => answer(copy)));
  // What changed since it was returned is not what the other callers asked for.
  if (objected) answer();
  else answer(copy);
  if (refused) skip(call, refused);
}
