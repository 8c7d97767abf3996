/** Typed arrays of stored results, read and written by range. Knows neither catalog nor memory. */
import { type MappedView, viewsOf } from './mapped-array.ts';

export type { ArrayClass, ElementOf, MmapMode, TypedArray } from './array-types.ts';
export { type ByteSource, type Checksum, MemorySource, StoredSource } from './byte-source.ts';
export { type Lease, noLease } from './lease.ts';
export type { Mapped } from './mapped.ts';
export { isDedicatedWorker, MappedArray } from './mapped-array.ts';
export { type ChangedBuffer, MappedBuffer, type Persist } from './mapped-buffer.ts';

/** Why a value has no token. */
export interface NoToken {
  readonly refusal: string;
}

/**
 * What stands for a mapped array given as an argument: its type, length and block checksums; nothing is read.
 * Equal for equal content, and never the digest of a plain typed array. `undefined` for anything else.
 */
export function tokenOfMapped(value: object): string | NoToken | undefined {
  const view = viewsOf.get(value);
  if (!view) return undefined;
  return view.mode === 'r'
    ? textOf(view)
    : { refusal: `a MappedArray with mode '${view.mode}', which can change,` };
}

function textOf({ buffer, byteOffset, length, type }: MappedView): string {
  const end = byteOffset + length * type.BYTES_PER_ELEMENT;
  return `mapped ${type.name} ${length} ${buffer.digest(byteOffset, end)}`;
}
