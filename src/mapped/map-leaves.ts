/** Maps the typed arrays of a value that cannot be stored: one that holds functions, say. Nothing is copied. */
import { type ArrayClass, MappedArray, MappedBuffer, MemorySource, noLease } from '../arrays/arrays.ts';
import { createChecksum } from '../digest/digest.ts';
import type { MmapMode } from '../options/options.ts';
import { kindOf, type TypedArray, typedArrayClass, typedArrayName } from '../values/values.ts';

export async function mapLeaves(root: unknown, mode: MmapMode): Promise<unknown> {
  const checksum = await createChecksum();
  const buffers = new Map<ArrayBufferLike, MappedBuffer>();
  /** Containers by their copies: cycles and shared parts stay. */
  const copies = new Map<unknown, unknown>();

  const mapArray = (array: TypedArray): unknown => {
    const { buffer: memory, byteOffset, length } = array;
    const type = typedArrayClass(typedArrayName(array));
    if (!type) return array;
    const buffer =
      buffers.get(memory) ?? new MappedBuffer(new MemorySource(new Uint8Array(memory), checksum));
    buffers.set(memory, buffer);
    return new MappedArray({
      buffer,
      byteOffset,
      length,
      type: type as unknown as ArrayClass, // a typed-array class has all that is asked of one
      mode,
      lease: noLease,
    });
  };

  const remember = <T>(value: unknown, copy: T): T => {
    copies.set(value, copy);
    return copy;
  };

  const map = (value: unknown): unknown => {
    if (copies.has(value)) return copies.get(value);
    switch (kindOf(value)) {
      case 'typed-array':
        return remember(value, mapArray(value as TypedArray)); // kindOf() says so, as below
      case 'array': {
        const copy: unknown[] = remember(value, []);
        for (const member of value as readonly unknown[]) copy.push(map(member));
        return copy;
      }
      case 'object': {
        const copy = remember(value, Object.create(Object.getPrototypeOf(value)) as object);
        for (const [name, member] of Object.entries(value as object)) {
          Object.defineProperty(copy, name, {
            value: map(member),
            ...{ enumerable: true, writable: true, configurable: true },
          });
        }
        return copy;
      }
      case 'map': {
        const copy = remember(value, new Map<unknown, unknown>());
        for (const [key, member] of value as ReadonlyMap<unknown, unknown>) copy.set(map(key), map(member));
        return copy;
      }
      case 'set': {
        const copy = remember(value, new Set<unknown>());
        for (const member of value as ReadonlySet<unknown>) copy.add(map(member));
        return copy;
      }
      default:
        return value;
    }
  };
  return map(root);
}
