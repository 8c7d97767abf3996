/** Blobs through the storage worker's sync access handles. */
import { createChecksum } from '../digest/digest.ts';
import type { BlobStore, FilePart, FileToWrite, Writing } from './blob-store.ts';
import type { StorageWorkerClient } from './client.ts';
import {
  assertUnchanged,
  CHUNK_BYTES,
  checksByPart,
  copyGroup,
  groupsOf,
  isOneTurn,
  ONE_TURN_BYTES,
  totalBytes,
} from './copy-pieces.ts';
import type { SliceToRead, StoredFile } from './protocol.ts';

/** How many chunks travel at once: one is filled while the other is written. */
const CHUNKS_UNDER_WAY = 2;

export class SyncBlobs implements BlobStore {
  readonly tier = 'sync';
  readonly #client: StorageWorkerClient;
  readonly #folder: string;

  private constructor(client: StorageWorkerClient, folder: string) {
    this.#client = client;
    this.#folder = folder;
  }

  static async open(folder: string, client: StorageWorkerClient): Promise<SyncBlobs> {
    try {
      await client.call('probe', { folder });
    } catch (error) {
      client.close();
      throw error;
    }
    return new SyncBlobs(client, folder);
  }

  write({ file, parts, ready }: FileToWrite): Writing {
    if (!isOneTurn(parts)) {
      const done = this.#orAbandon(
        file,
        ready.then(() => this.#writeChunks(file, parts)),
      );
      return { taken: done.then(() => undefined), done };
    }
    // Copied before this call returns.
    const chunk = new ArrayBuffer(totalBytes(parts));
    const pieces =
      parts.length > 0 ? copyGroup([...groupsOf(parts, ONE_TURN_BYTES)].flat(), new Uint8Array(chunk)) : [];
    const done = this.#orAbandon(
      file,
      ready.then(() => this.#writeChunk(file, parts, chunk, pieces)),
    );
    return { taken: Promise.resolve(), done };
  }

  read(slices: readonly SliceToRead[]): Promise<readonly ArrayBuffer[]> {
    return this.#client.call('read', { slices });
  }

  async release(files: readonly string[]): Promise<void> {
    await this.#client.call('release', { files });
  }

  remove(files: readonly string[]): Promise<readonly string[]> {
    return this.#client.call('remove', { files });
  }

  list(): Promise<readonly StoredFile[]> {
    return this.#client.call('list', { folder: this.#folder });
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  async #writeChunk(
    file: string,
    parts: readonly FilePart[],
    chunk: ArrayBuffer,
    copied: ReturnType<typeof copyGroup>,
  ): Promise<BigUint64Array[]> {
    const pieces = await copied;
    const { checks } = await this.#client.call('append', { file, chunk, pieces, isLast: true }, [chunk]);
    return checksByPart(parts, [...checks]);
  }

  async #writeChunks(file: string, parts: readonly FilePart[]): Promise<BigUint64Array[]> {
    const groups = [...groupsOf(parts, CHUNK_BYTES)];
    const spare = Array.from({ length: CHUNKS_UNDER_WAY }, () =>
      Promise.resolve(new ArrayBuffer(CHUNK_BYTES)),
    );
    const replies: Promise<BigUint64Array>[] = [];
    for (const [index, group] of groups.entries()) {
      const slot = index % CHUNKS_UNDER_WAY;
      const chunk = (await spare[slot]) ?? new ArrayBuffer(CHUNK_BYTES);
      const pieces = await copyGroup(group, new Uint8Array(chunk));
      const isLast = index === groups.length - 1;
      const reply = this.#client.call('append', { file, chunk, pieces, isLast }, [chunk]);
      const [chunkBack, checks] = [reply.then((back) => back.chunk), reply.then((back) => back.checks)];
      // The first failure ends the write; those of later chunks, which nobody awaits then, must not be reported.
      for (const each of [chunkBack, checks]) each.catch(() => undefined);
      spare[slot] = chunkBack;
      replies.push(checks);
    }
    const inOrder = (await Promise.all(replies)).flatMap((checks) => [...checks]);
    const checks = checksByPart(parts, inOrder);
    await assertUnchanged(parts, checks, await createChecksum());
    return checks;
  }

  async #orAbandon<T>(file: string, writing: Promise<T>): Promise<T> {
    try {
      return await writing;
    } catch (error) {
      // The write's own error is what the caller needs; leftovers are the sweep's.
      await this.#client.call('abandon', { file }).catch(() => undefined);
      throw error;
    }
  }
}
