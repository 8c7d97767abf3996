/** Web Locks and BroadcastChannel: what realms of one origin agree through. */

import { deferred } from '../deferred/deferred.ts';

export {
  type ChannelMessage,
  type EntryName,
  type NewsTopic,
  openChannel,
  type RealmChannel,
} from './channel.ts';
export {
  busyLock,
  callLock,
  compactLock,
  evictLock,
  fileLock,
  moveLock,
  pinLock,
  renewalLock,
  sweepLock,
  writerLock,
} from './lock-names.ts';

export interface LockOptions {
  /** Leaves the queue when it fires; the lock itself is released by `use` settling, never by a signal. */
  readonly signal?: AbortSignal | undefined;
  /** Do not wait: `use` gets false when the lock is taken. */
  readonly ifAvailable?: boolean;
  /** Any number may hold it together. */
  readonly isShared?: boolean;
}

/** happy-dom has them as null. */
const hasWebLocks = (): boolean => typeof navigator !== 'undefined' && Boolean(navigator.locks);

/** Locks of this realm alone, where there are no Web Locks (an insecure origin). */
const heldHere = new Map<string, Promise<unknown>>();

async function withRealmLock<T>(
  name: string,
  { ifAvailable, signal, isShared }: LockOptions,
  use: (isHeld: boolean) => Promise<T>,
): Promise<T> {
  if (isShared) return use(true); // only other realms would ask, and there is no telling them
  const before = heldHere.get(name);
  if (before && ifAvailable) return use(false);
  const turn = (async () => {
    if (before !== undefined) await Promise.race([before, ...(signal ? [firing(signal)] : [])]);
    signal?.throwIfAborted();
    return use(true);
  })();
  // Whoever leaves the queue has not had the lock: the next one waits for those before, too.
  const tail = Promise.allSettled([before, turn]);
  heldHere.set(name, tail);
  try {
    return await turn;
  } finally {
    void tail.then(() => heldHere.get(name) === tail && heldHere.delete(name));
  }
}

const firing = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Runs `use` while holding the lock; the browser releases it when the realm dies. */
export async function withLock<T>(
  name: string,
  options: LockOptions,
  use: (isHeld: boolean) => Promise<T>,
): Promise<T> {
  if (!hasWebLocks()) return withRealmLock(name, options, use);
  // The API refuses a signal together with ifAvailable.
  const { ifAvailable = false, signal, isShared = false } = options;
  const mode: LockMode = isShared ? 'shared' : 'exclusive';
  const request = ifAvailable || !signal ? { mode, ifAvailable } : { mode, signal };
  let isEntered = false;
  try {
    return await navigator.locks.request(name, request, (lock) => {
      isEntered = true;
      return use(lock !== null);
    });
  } catch (error) {
    if (isEntered || signal?.aborted) throw error;
    // Refused: a sandboxed frame has no origin to share locks with.
    return withRealmLock(name, options, use);
  }
}

/** Names of the locks that are held now, once for each holder. */
async function heldNames(): Promise<readonly string[]> {
  if (!hasWebLocks()) return [...heldHere.keys()];
  try {
    const { held = [] } = await navigator.locks.query();
    return held.map(({ name = '' }) => name);
  } catch {
    return [...heldHere.keys()]; // refused, as above
  }
}

/** Names of the locks with the prefix that some realm holds now. */
export async function heldLocks(prefix: string): Promise<ReadonlySet<string>> {
  return new Set((await heldNames()).filter((name) => name.startsWith(prefix)));
}

/** How many hold the lock now: more than one where it is shared. */
export async function lockHolders(name: string): Promise<number> {
  return (await heldNames()).filter((held) => held === name).length;
}

/** Lets go of a lock; resolves when it is free. */
export type ReleaseLock = () => Promise<void>;

/** Takes a lock for an open end; `undefined` where somebody has it. */
export function holdLock(name: string, isShared = false): Promise<ReleaseLock | undefined> {
  const { promise: released, resolve: release } = deferred<void>();
  return new Promise((resolve, reject) => {
    const held = withLock(name, { ifAvailable: true, isShared }, async (isHeld) => {
      const letGo = (): Promise<void> => {
        release();
        return held;
      };
      resolve(isHeld ? letGo : undefined);
      if (isHeld) await released;
    });
    held.catch(reject);
  });
}

const waitsPrefix = 'keepsake-waits:';

/**
 * Makes known that what holds `from` waits for `to`: by a shared lock whose name has both. So all realms can see it, and it is
 * gone with the realm that said it. Resolves when it can be seen.
 */
export const announceWait = (from: string, to: string): Promise<ReleaseLock | undefined> =>
  holdLock(`${waitsPrefix}${JSON.stringify([from, to])}`, true);

/** Whether what holds `from` waits for `to`, itself or through others, in any realm. */
export async function isHolderWaiting(from: string, to: string): Promise<boolean> {
  const waits = [...(await heldLocks(waitsPrefix))].map(
    (name) => JSON.parse(name.slice(waitsPrefix.length)) as readonly [string, string], // announceWait() wrote it
  );
  const reached = new Set([from]);
  for (const each of reached) {
    if (each === to) return true;
    for (const [waiting, awaited] of waits) if (waiting === each) reached.add(awaited);
  }
  return false;
}
