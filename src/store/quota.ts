/** Storage that is full, whichever way the browser says so: entries go, and the store is tried once more. */
import { StorageFullError } from '../errors/errors.ts';

/**
 * Chromium throws QuotaExceededError, or aborts a transaction with it; the storage worker raises it for a short write,
 * which is how Firefox says it; Firefox also throws a raw object of the second name, and the third from IndexedDB.
 */
const fullNames = ['QuotaExceededError', 'NS_ERROR_FILE_NO_DEVICE_SPACE', 'NS_ERROR_DOM_QUOTA_REACHED'];

const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';

export const isStorageFull = (error: unknown): boolean =>
  error instanceof StorageFullError || fullNames.includes(nameOf(error));

/** The one error for all of them. */
export const storageFull = (error: unknown, neededBytes: number): StorageFullError =>
  error instanceof StorageFullError ? error : new StorageFullError(neededBytes, undefined, { cause: error });

/**
 * Stores; when there is no room, has some made and tries once more. `makeRoom` resolves with whether it was made for this
 * one: what others had made may be enough for it, too, and where it is not, its own turn comes.
 */
export async function storeOrMakeRoom<T>(
  store: () => Promise<T>,
  makeRoom: () => Promise<boolean>,
): Promise<T> {
  for (let isLast = false; ; ) {
    try {
      return await store();
    } catch (error) {
      if (isLast || !isStorageFull(error)) throw error;
      isLast = await makeRoom();
    }
  }
}
