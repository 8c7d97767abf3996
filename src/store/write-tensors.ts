/** Writes runs of bytes as safetensors: to a segment, or to a file of their own. The caller holds the file's lock. */

import type { Place } from '../blobs/blobs.ts';
import { safetensorsHeader } from '../codec/codec.ts';
import type { Store } from './entry-store.ts';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface WrittenBytes {
  readonly file: string;
  readonly offset: number;
  readonly checks: BigUint64Array;
}

export interface WrittenTensors {
  /** To be settled once the catalog points at the runs, or never will. */
  readonly place: Place;
  /** Of each part. */
  readonly runs: readonly WrittenBytes[];
}

/** The parts stand one behind the other, in the order given. `key` is the entry's: a segment is compacted by it. */
export async function writeTensors(
  store: Store,
  { file, key }: { readonly file: string; readonly key: string },
  parts: readonly NamedBytes[],
): Promise<WrittenTensors> {
  const tensors = parts.map(
    ({ name, bytes }) => ({ name, dtype: 'U8', elementCount: bytes.byteLength }) as const,
  );
  const { header, offsets } = safetensorsHeader(tensors);
  const blobs = store.openBlobs();
  const bodies = parts.map(({ bytes }, at) => ({ offset: offsets[at] ?? 0, bytes }));
  const { done } = blobs.write({
    file,
    parts: [{ offset: 0, bytes: header }, ...bodies],
    label: key,
    claim: () => Promise.resolve(),
  });
  const {
    checks: [, ...checks],
    ...place
  } = await done;
  const runs = bodies.map(({ offset }, at) => ({
    file: place.file,
    offset: place.offset + offset,
    checks: checks[at] ?? new BigUint64Array(),
  }));
  return { place, runs };
}
