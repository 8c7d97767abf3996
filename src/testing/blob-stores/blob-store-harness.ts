/** What tests of blob stores have in common. */
import { expect } from 'vitest';
import {
  BLOCK_BYTES,
  type BlobStore,
  type FilePart,
  type StoredRange,
  type Written,
} from '../../blobs/blobs.ts';

/** A backend under test, and ways to harm what it keeps. */
export interface BlobBackend {
  /** A store over the folder, as a page has it after a reload: nothing of an earlier one is remembered. */
  open(folder: string): Promise<BlobStore>;
  /** Flips the bits of one byte; no store holds the file. */
  flip(file: string, position: number): Promise<void>;
  truncate(file: string, byteLength: number): Promise<void>;
  /** The store is in another thread: what it is given arrives there as it was when it was given. */
  readonly isRemote?: boolean;
}

/** What the parts of the suite get. */
export interface BlobSuite {
  readonly name: string;
  readonly backend: BlobBackend;
  /** As the backend's; what it opens is emptied and closed after each test. */
  open(folder: string): Promise<BlobStore>;
}

export const ONE_TURN = 8 * BLOCK_BYTES;
export const CHUNK = 4 * BLOCK_BYTES;

/** Bytes that tell every position from its neighbours and every block from the next. */
export function pattern(byteLength: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(byteLength);
  let state = seed >>> 0;
  for (let at = 0; at < byteLength; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

export const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && indexedDB.cmp(a, b) === 0;

/** expect().toEqual() walks typed arrays element by element: too slow for megabytes. */
export function expectBytes(found: ArrayBufferLike | undefined, wanted: Uint8Array): void {
  expect(found?.byteLength).toBe(wanted.byteLength);
  expect(isEqual(new Uint8Array(found ?? new ArrayBuffer(0)), wanted)).toBe(true);
}

let made = 0;
export const freshFolder = (): string => {
  made += 1;
  return `blob-tests/${Date.now().toString(36)}-${made}`;
};

const sizeOf = ({ bytes }: FilePart): number => (bytes instanceof Uint8Array ? bytes.byteLength : bytes.size);

/** Parts one behind the other. */
export function partsOf(contents: readonly (Uint8Array | Blob)[]): FilePart[] {
  let offset = 0;
  return contents.map((bytes) => {
    const part = { offset, bytes };
    offset += sizeOf(part);
    return part;
  });
}

interface Stored {
  readonly written: Written;
  readonly ranges: readonly StoredRange[];
}

/** Writes, keeps, and tells where each part is. */
export async function write(
  store: BlobStore,
  folder: string,
  contents: readonly (Uint8Array | Blob)[],
): Promise<Stored> {
  made += 1;
  const parts = partsOf(contents);
  const file = `${folder}/label/file-${made}`;
  const written = await store.write({ file, label: `call-${made}`, parts, claim: async () => undefined })
    .done;
  store.settle(written, true);
  const ranges = parts.map((part, index) => ({
    file: written.file,
    offset: written.offset + part.offset,
    byteLength: sizeOf(part),
    checks: written.checks[index] ?? new BigUint64Array(),
  }));
  return { written, ranges };
}

export const nameOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return 'resolved';
  } catch (error) {
    return error instanceof Error || error instanceof DOMException ? error.name : String(error);
  }
};
