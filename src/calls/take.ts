/**
 * Takes the bytes of a value in the turn in which the function returned it: the function may fill the same memory anew
 * in its next call, or let it grow, and the caller may change what it is given.
 */
import { SourceGuard } from '../blobs/blobs.ts';
import { type Encoded, encode } from '../codec/codec.ts';
import type { Checksum } from '../digest/digest.ts';
import type { Codec } from '../values/values.ts';
import { noteMemory, type Run } from './runs.ts';

/** Copied up to here, about 0.4 to 0.7 ms per MiB on a loaded two-core machine; hashing what is larger takes 0.2. */
const COPIED_BYTES = 32 * 2 ** 20;

/** A value's bytes as they were returned. */
export interface Taken extends Pick<Encoded, 'skeleton' | 'buffers'> {
  readonly sizeBytes: number;
  /** What says whether they changed since, where they are too many to be copied and still the function's memory. */
  readonly guard: SourceGuard | undefined;
  /** 'lent': the function evidently goes on using it, as it returned it before, or only part of something larger. */
  readonly memory: 'none' | 'fresh' | 'lent';
  /** The run that brought it. */
  readonly run: Run;
}

const sizeOf = ({ skeleton, buffers }: Pick<Encoded, 'skeleton' | 'buffers'>): number =>
  buffers.reduce(
    (sum, buffer) => sum + (buffer.kind === 'blob' ? buffer.blob.size : buffer.bytes.byteLength),
    skeleton.byteLength,
  );

const memoryBytes = (buffers: Encoded['buffers']): number =>
  buffers.reduce((sum, buffer) => sum + (buffer.kind === 'blob' ? 0 : buffer.bytes.byteLength), 0);

/** The buffers with memory of their own; undefined where there is none to be had. */
function copied(buffers: Encoded['buffers']): Encoded['buffers'] | undefined {
  try {
    return buffers.map((each) => (each.kind === 'blob' ? each : { ...each, bytes: each.bytes.slice() }));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function kindOfMemory(sources: Encoded['sources'], run: Run): Taken['memory'] {
  const isReused = noteMemory(
    run,
    sources.map(({ buffer }) => buffer),
  );
  if (sources.length === 0) return 'none';
  const isPart = sources.some((bytes) => bytes.byteLength < bytes.buffer.byteLength);
  return isReused || isPart ? 'lent' : 'fresh';
}

export interface TakeOptions {
  readonly codecs: readonly Codec[] | undefined;
  readonly checksum: Checksum;
  readonly run: Run;
}

/** Takes a value apart. A promise where a codec takes its time. @throws UnserializableResultError */
export function take(value: unknown, options: TakeOptions): Taken | Promise<Taken> {
  const { codecs, checksum } = options;
  let guard: SourceGuard | undefined;
  const onWait = (sources: readonly Uint8Array[]): void => {
    guard = new SourceGuard(sources, checksum);
  };
  const encoding = encode(value, { root: 'result', codecs, onWait });
  if (!(encoding instanceof Promise)) return taken(encoding, options);
  // Its memory is read again when the codecs are done.
  return encoding.then((encoded) => {
    guard?.assertIntact();
    return taken(encoded, options);
  });
}

function taken({ skeleton, buffers, sources }: Encoded, { checksum, run }: TakeOptions): Taken {
  const sizeBytes = sizeOf({ skeleton, buffers });
  const own = memoryBytes(buffers) <= COPIED_BYTES ? copied(buffers) : undefined;
  const contents = [skeleton, ...buffers.map((each) => (each.kind === 'blob' ? each.blob : each.bytes))];
  const guard = own ? undefined : new SourceGuard(contents, checksum);
  return { skeleton, buffers: own ?? buffers, sizeBytes, guard, memory: kindOfMemory(sources, run), run };
}
