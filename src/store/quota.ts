/** Storage that is full, whichever way the browser says so: entries go, and the store is tried once more. */
import type { OutOfBandBuffer } from '../codec/codec.ts';
import { StorageFullError } from '../errors/errors.ts';
import type { Storing } from './persist.ts';

/**
 * Chromium throws QuotaExceededError, or aborts a transaction with it; the storage worker raises it for a short write,
 * which is how Firefox says it; Firefox also throws a raw object of the second name, and the third from IndexedDB.
 */
const fullNames = ['QuotaExceededError', 'NS_ERROR_FILE_NO_DEVICE_SPACE', 'NS_ERROR_DOM_QUOTA_REACHED'];

/** Up to here bytes are copied when the storing starts. */
const ONE_TURN_BYTES = 8 * 2 ** 20;

const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';

export const isStorageFull = (error: unknown): boolean =>
  error instanceof StorageFullError || fullNames.includes(nameOf(error));

/** The one error for all of them. */
export const storageFull = (error: unknown, neededBytes: number): StorageFullError =>
  error instanceof StorageFullError ? error : new StorageFullError(neededBytes, undefined, { cause: error });

interface Encoded {
  readonly skeleton: Uint8Array;
  readonly buffers: readonly OutOfBandBuffer[];
}

/** The same with bytes of its own, for a second try; undefined where there are too many to copy in one turn. */
export function copyForRetry(encoded: Encoded): Encoded | undefined {
  const { skeleton, buffers } = encoded;
  const bytes = buffers.reduce(
    (sum, buffer) => sum + (buffer.kind === 'blob' ? 0 : buffer.bytes.byteLength),
    skeleton.byteLength,
  );
  if (bytes > ONE_TURN_BYTES) return undefined;
  return {
    skeleton: skeleton.slice(),
    buffers: buffers.map((buffer) =>
      buffer.kind === 'blob' ? buffer : { ...buffer, bytes: buffer.bytes.slice() },
    ),
  };
}

/** Starts to store; a failure is told by `committed` alone. */
function begin(start: () => Storing): Storing {
  const storing = start();
  storing.taken.catch(() => undefined);
  return storing;
}

/**
 * Starts to store; when there is no room, makes some and tries once more.
 * A value too large to copy in one turn belongs to its caller until `taken`, so that waits for the second try.
 */
export function storeOrMakeRoom(
  start: () => Storing,
  isCopied: boolean,
  makeRoom: () => Promise<unknown>,
): Storing {
  const first = begin(start);
  const committed = first.committed.catch(async (error: unknown) => {
    if (!isStorageFull(error)) throw error;
    await makeRoom();
    return begin(start).committed;
  });
  const taken = isCopied
    ? first.taken
    : committed.then(
        () => undefined,
        () => undefined, // told by `committed`
      );
  return { taken, committed };
}
