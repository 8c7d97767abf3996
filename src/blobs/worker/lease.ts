/** The right to change a segment: a Web Lock, held by the worker that writes, and so until it has really ended. */
import { deferred } from '../../deferred/deferred.ts';
import { leaseOf } from '../segment-files.ts';

export interface Lease {
  release(): void;
}

/** Takes the lease, or returns undefined while another realm has it. */
export function takeLease(segment: string): Promise<Lease | undefined> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(leaseOf(segment), { ifAvailable: true }, (lock) => {
        if (!lock) {
          resolve(undefined);
          return undefined;
        }
        const { promise, resolve: release } = deferred<void>();
        resolve({ release });
        return promise;
      })
      .catch(reject);
  });
}
