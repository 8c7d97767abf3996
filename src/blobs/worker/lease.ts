/** The right to change a segment: a Web Lock, held by the worker that writes, and so until it has really ended. */
import { deferred } from '../../deferred/deferred.ts';
import { leaseOf } from '../segment-files.ts';

export interface Lease {
  release(): void;
}

/** Takes the lease, or returns undefined while another realm has it. */
export async function takeLease(segment: string): Promise<Lease | undefined> {
  const { promise, resolve } = deferred<Lease | undefined>();
  const { promise: released, resolve: release } = deferred<void>();
  const leasing = navigator.locks.request(leaseOf(segment), { ifAvailable: true }, (lock) => {
    resolve(lock ? { release } : undefined);
    return lock ? released : undefined;
  });
  return Promise.race([promise, leasing.then(() => undefined)]);
}

/** Takes the lease of a segment that nobody else knows: where locks are refused, others find it in use by its open handle. */
export const leaseNew = (segment: string): Promise<Lease | undefined> =>
  takeLease(segment).catch(() => ({ release: () => undefined }));
