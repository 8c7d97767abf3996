/** What an array holds of its entry while it is open. */
export interface Lease {
  /** Names the entry in errors. */
  readonly key: string;
  /** Notes a use: the entry stays pinned for a while more. */
  touch(): void;
  /** Resolves when nothing of it is held any more. */
  release(): Promise<void>;
}

/** For arrays over memory of their own. */
export const noLease: Lease = { key: '', touch: () => undefined, release: async () => undefined };

/** Releases the leases of arrays that were collected without being closed. */
const collected =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry<() => Promise<void>>((release) => void release());

/** How many arrays hold a lease: one array may have several shapes. */
const holders = new WeakMap<Lease, number>();

function hold(lease: Lease): () => Promise<void> {
  const count = (change: number): number => {
    const left = (holders.get(lease) ?? 0) + change;
    holders.set(lease, left);
    return left;
  };
  count(1);
  return async () => {
    if (count(-1) === 0) await lease.release();
  };
}

/** Ties the lease to the life of its array; call the result, once, when the array is closed. */
export function tie(array: object, lease: Lease): () => Promise<void> {
  const release = hold(lease);
  collected?.register(array, release, array);
  return () => {
    collected?.unregister(array);
    return release();
  };
}
