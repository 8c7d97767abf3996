/** Digests of Blobs, which only can be read asynchronously. A Blob never changes, so each is read once. */

import { toHex } from '../bytes/bytes.ts';
import { createHasher, type DigestAlgorithm } from '../digest/digest.ts';
import { UnhashableArgumentError } from '../errors/errors.ts';

const sliceBytes = 4 * 1024 * 1024;

/** A Blob that a walk met before its digest was known. */
export interface PendingBlob {
  readonly blob: Blob;
  readonly path: string;
}

/** The known digests of one algorithm. */
export class BlobDigests {
  readonly #algorithm: DigestAlgorithm;
  readonly #digests = new WeakMap<Blob, string>();

  constructor(algorithm: DigestAlgorithm) {
    this.#algorithm = algorithm;
  }

  get(blob: Blob): string | undefined {
    return this.#digests.get(blob);
  }

  /** Reads the Blobs one after the other, a slice at a time. */
  async readAll(pending: readonly PendingBlob[]): Promise<void> {
    for (const { blob, path } of pending) {
      try {
        if (!this.#digests.has(blob)) this.#digests.set(blob, await this.#read(blob));
      } catch (error) {
        const refusal = new UnhashableArgumentError(path, 'a Blob that cannot be read');
        refusal.cause = error;
        throw refusal;
      }
    }
  }

  async #read(blob: Blob): Promise<string> {
    const hasher = await createHasher(this.#algorithm);
    hasher.reset();
    for (let start = 0; start < blob.size; start += sliceBytes) {
      hasher.update(new Uint8Array(await blob.slice(start, start + sliceBytes).arrayBuffer()));
    }
    return toHex(hasher.digest());
  }
}
