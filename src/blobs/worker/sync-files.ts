/** Files written once, through handles of their own. */
import type { Checksum } from '../../digest/digest.ts';
import { BLOCK_BYTES, type Piece } from '../protocol.ts';
import { type FileAccess, type SyncFile, writeAll } from './file-access.ts';

/** One checksum for each block of the pieces. */
export function checkPieces(pieces: readonly Piece[], checksum: Checksum): bigint[] {
  const checks: bigint[] = [];
  for (const { bytes } of pieces) {
    for (let at = 0; at < bytes.byteLength; at += BLOCK_BYTES)
      checks.push(checksum(bytes.subarray(at, at + BLOCK_BYTES)));
  }
  return checks;
}

export class SyncFiles {
  readonly #files: FileAccess;
  readonly #checksum: Checksum;
  readonly #writing = new Map<string, Promise<SyncFile>>();

  constructor(files: FileAccess, checksum: Checksum) {
    this.#files = files;
    this.#checksum = checksum;
  }

  async append(file: string, pieces: readonly Piece[], isLast: boolean): Promise<bigint[]> {
    const opening = this.#writing.get(file) ?? this.#files.create(file, 'readwrite');
    this.#writing.set(file, opening);
    const handle = await opening;
    for (const { bytes, position } of pieces) writeAll(handle, bytes, position);
    const checks = checkPieces(pieces, this.#checksum);
    if (isLast) {
      // Not flushed: what is written survives the end of the process, and the catalog's transactions promise no more.
      handle.close();
      this.#writing.delete(file);
    }
    return checks;
  }

  async abandon(file: string): Promise<void> {
    const opening = this.#writing.get(file);
    this.#writing.delete(file);
    await opening?.then(
      (handle) => handle.close(),
      () => undefined, // a file that never opened has nothing to close
    );
    await this.#files.remove(file);
  }
}
