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
    : new FinalizationRegistry<Lease>((lease) => void lease.release());

/** Ties the lease to the life of its array; call the result when the array is closed. */
export function tie(array: object, lease: Lease): () => Promise<void> {
  collected?.register(array, lease, array);
  return () => {
    collected?.unregister(array);
    return lease.release();
  };
}
