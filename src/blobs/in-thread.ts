/** Storage in the thread of a dedicated worker: no hop, no copies. Loaded only there. */
import type { HandleRequest, OperationName, Operations, Request, StorageClient } from './protocol.ts';

/** Dedicated workers alone have sync access handles. */
export const hasSyncAccess = (): boolean =>
  typeof FileSystemFileHandle !== 'undefined' && 'createSyncAccessHandle' in FileSystemFileHandle.prototype;

export class InThreadClient implements StorageClient {
  readonly isInThread = true;
  readonly isAsleep = false;
  #opening: Promise<HandleRequest> | undefined;

  async call<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
  ): Promise<Operations[Name]['reply']> {
    this.#opening ??= import('./worker/operations.ts').then(({ openOperations }) => openOperations());
    const handle = await this.#opening;
    // The request is the one of this name, and its reply's type what Operations promises for it.
    const { value } = await handle({ name, ...request } as unknown as Request);
    return value as Operations[Name]['reply'];
  }

  async close(): Promise<void> {
    if (this.#opening) await this.call('releaseAll', {});
  }
}
