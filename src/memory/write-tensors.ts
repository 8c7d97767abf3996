/** Writes runs of bytes to a safetensors file of their own. The caller holds the file's lock. */
import { safetensorsHeader } from '../codec/codec.ts';
import type { Store } from './store.ts';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface WrittenBytes {
  readonly offset: number;
  readonly checks: BigUint64Array;
}

/** The parts stand one behind the other, in the order given. */
export async function writeTensors(
  store: Store,
  file: string,
  parts: readonly NamedBytes[],
): Promise<WrittenBytes[]> {
  const tensors = parts.map(
    ({ name, bytes }) => ({ name, dtype: 'U8', elementCount: bytes.byteLength }) as const,
  );
  const { header, offsets } = safetensorsHeader(tensors);
  const blobs = store.openBlobs();
  const bodies = parts.map(({ bytes }, at) => ({ offset: offsets[at] ?? 0, bytes }));
  const { done } = blobs.write({
    file,
    parts: [{ offset: 0, bytes: header }, ...bodies],
    label: '',
    inOwnFile: true,
    claim: async () => undefined,
  });
  const [, ...checks] = (await done).checks;
  return bodies.map(({ offset }, at) => ({ offset, checks: checks[at] ?? new BigUint64Array() }));
}
