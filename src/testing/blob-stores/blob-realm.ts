/** A dedicated worker that stores in its own thread: what a test asks of its blob store arrives as messages. */
import { type OpenBlobStore, openBlobStore } from '../../blobs/blobs.ts';

/** What the page sends; the reply has the same id. */
export interface RealmCall {
  readonly id: number;
  readonly method: 'open' | Exclude<keyof OpenBlobStore, 'settle' | 'write'> | 'settle' | 'write';
  readonly args: readonly unknown[];
}

let store: OpenBlobStore | undefined;

const noBytes = { put: fail, get: fail, delete: fail, list: fail };

function fail(): never {
  throw new TypeError('There is no such tier here');
}

async function run({ method, args }: RealmCall): Promise<unknown> {
  if (method === 'open') {
    store = openBlobStore({ folder: String(args[0]), wanted: 'sync', keyedBytes: async () => noBytes });
    return store.opened().then(({ tier }) => tier);
  }
  if (!store) throw new TypeError('open comes first');
  if (method === 'write') {
    // Sent by the page as a FileToWrite without what cannot be cloned.
    const request = args[0] as Parameters<OpenBlobStore['write']>[0];
    return store.write({ ...request, claim: async () => undefined }).done;
  }
  // The page's proxy calls it with the method's own arguments.
  return (store[method] as (...given: unknown[]) => unknown).apply(store, [...args]);
}

self.onmessage = ({ data }: MessageEvent<RealmCall>) => {
  run(data).then(
    (value) => self.postMessage({ id: data.id, value }),
    (error: Error) => self.postMessage({ id: data.id, error: { name: error.name, message: error.message } }),
  );
};
