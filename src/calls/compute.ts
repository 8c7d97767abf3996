/** Runs the function of a call and keeps its value; whatever happens to the keeping, the caller has the value. */

import { isChangedWhileStoring } from '../blobs/blobs.ts';
import { createChecksum } from '../digest/digest.ts';
import { UnserializableResultError } from '../errors/errors.ts';
import { previewOf } from '../values/values.ts';
import type { CachedCall } from './cached-call.ts';
import type { Computation, Computed, Prelude, Refusal } from './computation.ts';
import { enter, isTaskLater } from './enter.ts';
import type { Flight } from './flight.ts';
import { keep, skip } from './keep.ts';
import { decodeCopy } from './lookup.ts';
import { beginRun, endRun } from './runs.ts';
import { signalsSeen, withoutSignals, withSignal } from './signals.ts';
import { type Taken, type TakeOptions, take } from './take.ts';
import { measure } from './timeline.ts';

export type { Computation } from './computation.ts';

async function prepare({ call, refusal, rekey, ...rest }: Computation): Promise<Prelude> {
  let skip = refusal();
  const epochs = await rest.epochs;
  const [maxBytes, checksum] = await Promise.all([call.context.maxBytes(), createChecksum()]);
  const preview = previewOf(withoutSignals(call.args));
  const digests = skip ? {} : await rest.digests().catch(() => ({})); // only explain() misses them
  // The lookup took time: what is computed now is stored under the key of what it is computed from.
  if (!skip && (await rekeyed(rekey)) !== call.key) skip = { reason: 'arguments-changed' };
  return { preview, digests, epochs, maxBytes, checksum, skip };
}

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
    log.calling(call.args);
    log.step(`Computing ${call.key}: ${reason}`);
    start = performance.now();
    return fn.apply(call.self, withSignal(call.args, flight.signal));
  };
  const end = (value: unknown): Computed | Promise<Computed> => {
    const computeMs = performance.now() - start;
    endRun(own);
    const skip: Refusal | undefined = isAborted() ? { reason: 'aborted' } : prelude.skip;
    const taken = skip ?? takeValue(computation, { value, computeMs, checksum: prelude.checksum, run: own });
    log.computed(computeMs);
    measure('compute', call.id, start, computeMs);
    call.context.emit({ kind: 'compute', functionId: call.id, key: call.key, reason, computeMs });
    const computed = { ...prelude, value, computeMs, createdAt: Date.now() };
    return taken instanceof Promise
      ? taken.then((late) => ({ ...computed, taken: late }))
      : { ...computed, taken };
  };
  try {
    return await enter(begin, end);
  } catch (error) {
    // What a signal of its own caller made it throw is nothing to those who joined.
    endRun(own);
    flight.fail(error, !isAborted());
    throw error;
  }
}

/** Why a value is not to be kept after all: what it depends on changed while it was computed. */
async function objection(
  { call, rekey, isCurrent, refusal }: Computation,
  { run }: Taken,
): Promise<Refusal | undefined> {
  if ((await rekeyed(rekey)) !== call.key) return { reason: 'arguments-changed' };
  if (isCurrent && !(await isCurrent().catch(() => false))) return { reason: 'code-changed' };
  if (run.isSpoilt) return { reason: 'changed-while-storing' };
  return refusal(); // another function may have claimed the identity meanwhile
}

/** Arguments that cannot be hashed any more have changed. */
async function rekeyed(rekey: () => string | Promise<string>): Promise<string> {
  try {
    return await rekey();
  } catch {
    return '';
  }
}

function unencodable(error: unknown): Refusal {
  if (isChangedWhileStoring(error)) return { reason: 'changed-while-storing', error };
  return { reason: error instanceof UnserializableResultError ? 'unserializable' : 'storage-failed', error };
}

/** A promise only where a codec takes its time. */
function takeValue(
  { call }: Computation,
  { value, computeMs, ...rest }: Pick<Computed, 'value' | 'computeMs'> & Omit<TakeOptions, 'codecs'>,
): Taken | Refusal | Promise<Taken | Refusal> {
  const { storeIf, codecs } = call.options;
  try {
    // the type of F's value is erased here
    if (storeIf && !storeIf(value as never, { computeMs })) return { reason: 'not-worth-keeping' };
    const taken = take(value, { codecs, ...rest });
    return taken instanceof Promise ? taken.catch(unencodable) : taken;
  } catch (error) {
    return unencodable(error);
  }
}

/** Makes copies of the value; throws where its memory is not what it was. */
function copier({ skeleton, buffers, guard }: Taken, call: CachedCall): (() => unknown) | undefined {
  if (buffers.some(({ kind }) => kind === 'blob')) return undefined;
  const contents = buffers.map((buffer) =>
    buffer.kind === 'blob' ? new Uint8Array() : (buffer.bytes as Uint8Array<ArrayBuffer>),
  ); // shared memory was refused
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

/** Computes, hands the value to the flight, and sees the storing through. */
export async function computeAndStore(computation: Computation, flight: Flight): Promise<void> {
  const { call } = computation;
  let computed: Computed;
  try {
    computed = await run(computation, flight);
  } catch {
    return; // the flight has failed
  }
  computation.log.step(`Persisting ${call.key}`);
  const { value, taken } = computed;
  if ('reason' in taken) {
    flight.settle({ value });
    skip(call, taken);
    return;
  }
  const objecting = objection(computation, taken);
  const isLate = await isTaskLater(objecting);
  const objected = await objecting;
  const copy = copier(taken, call);
  const own = await valueFor(value, taken, isLate, copy);
  const answer = (shared: typeof copy): void => {
    if (!flight.isSettled) flight.settle({ value: own, copy: shared });
  };
  const refused = objected ?? (await keep(computation, computed, taken, () => answer(copy)));
  // What changed since it was returned is not what the other callers asked for.
  answer(objected ? undefined : copy);
  if (refused) skip(call, refused);
}
