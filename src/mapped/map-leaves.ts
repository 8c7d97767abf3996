/** Maps the typed arrays of a value that cannot be stored: one that holds functions, say. Nothing is copied. */
import { type ArrayClass, MappedArray, MappedBuffer, MemorySource, noLease } from '../arrays/arrays.ts';
import { createChecksum } from '../digest/digest.ts';
import type { MmapMode } from '../options/options.ts';
import { addedMembers, kindOf, type TypedArray, typedArrayClass, typedArrayName } from '../values/values.ts';

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

  /** Gives a copy the members of its original: as they are, but for what is mapped in them. */
  const withMembers = <T>(original: object, copy: T, keys = addedMembers(kindOf(original), original)): T => {
    for (const key of copy === original ? [] : keys) {
      const member = Object.getOwnPropertyDescriptor(original, key);
      if (member && 'value' in member) member.value = map(member.value);
      if (member) Object.defineProperty(copy, key, member);
    }
    return Object.isFrozen(original) ? Object.freeze(copy) : copy;
  };

  const map = (value: unknown): unknown => {
    if (copies.has(value)) return copies.get(value);
    switch (kindOf(value)) {
      case 'typed-array':
        // kindOf() says so, as below
        return withMembers(value as TypedArray, remember(value, mapArray(value as TypedArray)));
      case 'array':
        return withMembers(value as unknown[], remember(value, []), Reflect.ownKeys(value as unknown[]));
      case 'object': {
        const copy = remember(value, Object.create(Object.getPrototypeOf(value)) as object);
        return withMembers(value as object, copy, Reflect.ownKeys(value as object));
      }
      case 'map': {
        const copy = remember(value, new Map<unknown, unknown>());
        for (const [key, member] of value as ReadonlyMap<unknown, unknown>) copy.set(map(key), map(member));
        return withMembers(value as object, copy);
      }
      case 'set': {
        const copy = remember(value, new Set<unknown>());
        for (const member of value as ReadonlySet<unknown>) copy.add(map(member));
        return withMembers(value as object, copy);
      }
      default:
        return value;
    }
  };
  return map(root);
}
