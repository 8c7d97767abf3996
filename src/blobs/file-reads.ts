/** Reads through getFile(), which any realm has: where there are no sync access handles, and before they are ready. */
import type { Checksum } from '../digest/digest.ts';
import type { Slice } from './blob-store.ts';
import { getFileHandle } from './folders.ts';
import { sliceBytes } from './protocol.ts';
import { readSlice, VerifiedBlocks } from './read-range.ts';

const isTransient = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NotReadableError';

const ATTEMPTS = 5;

export class FileReads {
  readonly #checksum: Checksum;
  readonly #verified = new VerifiedBlocks();

  constructor(checksum: Checksum) {
    this.#checksum = checksum;
  }

  read(slices: readonly Slice[]): Promise<readonly ArrayBuffer[]> {
    return Promise.all(slices.map((slice) => this.#read(slice)));
  }

  forget(file: string): void {
    this.#verified.forget(file);
  }

  async #read({ into, ...slice }: Slice): Promise<ArrayBuffer> {
    const handle = await getFileHandle(slice.file);
    const target = into ?? new Uint8Array(sliceBytes(slice));
    let file = await handle.getFile();
    const readAt = async (bytes: Uint8Array, position: number): Promise<void> => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const read = await file.slice(position, position + bytes.byteLength).arrayBuffer();
          if (read.byteLength !== bytes.byteLength)
            throw new DOMException(`${slice.file} is too short`, 'DataError');
          bytes.set(new Uint8Array(read));
          return;
        } catch (error) {
          // Chromium: a segment has grown since getFile().
          if (!isTransient(error) || attempt === ATTEMPTS) throw error;
          file = await handle.getFile();
        }
      }
    };
    await readSlice(slice, target, { readAt, verified: this.#verified, checksum: this.#checksum });
    return target.buffer as ArrayBuffer; // see BlobStore.read() for memory that is given
  }
}
