/** What a memory may take, where the caller names no limit: a tenth of what the browser grants, and no more than this. */
import { estimateQuotaBytes } from '../blobs/blobs.ts';

const DEFAULT_MAX_BYTES = 2 ** 30;
const DEFAULT_SHARE = 0.1;

/** The limit; the browser is asked once, where it has to be. */
export function maxBytesOnce(wanted: number | undefined): () => Promise<number> {
  let maxBytes = wanted;
  return async () => {
    if (maxBytes === undefined) {
      const quota = (await estimateQuotaBytes()) ?? Number.POSITIVE_INFINITY;
      maxBytes ??= Math.floor(Math.min(DEFAULT_MAX_BYTES, quota * DEFAULT_SHARE));
    }
    return maxBytes;
  };
}
