/** A typed array of a stored result that is read and written by range. */
import { MemoryClosedError } from '../errors/errors.ts';
import { dtypeName } from '../values/values.ts';
import { resolveIndex, resolveOffset, resolveRange, resolveShape } from './array-range.ts';
import type { ArrayClass, ElementOf, MmapMode, TypedArray } from './array-types.ts';
import { type Lease, tie } from './lease.ts';
import type { MappedBuffer } from './mapped-buffer.ts';

/** What an array is a view of. */
export interface MappedView<A extends TypedArray = TypedArray> {
  readonly buffer: MappedBuffer;
  readonly byteOffset: number;
  /** In elements. */
  readonly length: number;
  /** [length] where nothing is said. */
  readonly shape?: readonly number[];
  readonly type: ArrayClass<A>;
  readonly mode: MmapMode;
  readonly lease: Lease;
}

/** What blob() holds at once: small enough to stay warm in cache. */
const PART_BYTES = 4 * 2 ** 20;

const classNameOf = (array: object): string => Object.prototype.toString.call(array).slice(8, -1);

/** Whether this is the one kind of thread that has synchronous files. */
export function isDedicatedWorker(): boolean {
  const scope: unknown = Reflect.get(globalThis, 'DedicatedWorkerGlobalScope');
  return typeof scope === 'function' && globalThis instanceof scope;
}

let isHere: boolean | undefined;

function assertDedicatedWorker(): void {
  isHere ??= isDedicatedWorker();
  if (isHere) return;
  throw new TypeError('readSync() works inside a dedicated worker only; use read() here');
}

/** @internal Read by the door, for tokens; set by the class itself. */
export const viewsOf = new WeakMap<object, MappedView>();

/** Ranges are half-open, in elements; negative indices count from the end, as in TypedArray.subarray(). */
export class MappedArray<A extends TypedArray = TypedArray> {
  readonly #view: MappedView<A>;
  readonly #letGo: () => Promise<void>;
  #isClosed = false;

  /** @internal Arrays come from calls of cached functions. */
  constructor(view: MappedView<A>) {
    this.#view = view;
    this.#letGo = tie(this, view.lease);
    viewsOf.set(this, view as unknown as MappedView); // read there as bytes only
  }

  /** The element type by numpy's name: 'float64', 'uint8', 'int64'… */
  get dtype(): string {
    return dtypeName(this.#view.type.name);
  }

  /** Elements in each dimension, the last one varying fastest; [length] unless a codec or reshape() says more. */
  get shape(): readonly number[] {
    return this.#view.shape ?? [this.length];
  }

  get length(): number {
    return this.#view.length;
  }

  get byteLength(): number {
    return this.length * this.#elementBytes;
  }

  get mode(): MmapMode {
    return this.#view.mode;
  }

  /**
   * A copy of the elements [start, end). With `into`, they are written to its beginning, and what was filled comes
   * back: `into` itself where it fits exactly, else a view of it.
   * @throws RangeError for a range outside of the array, or an `into` that is too short; TypeError for one of another type.
   */
  async read(start?: number, end?: number, into?: A): Promise<A> {
    const [from, to] = this.#open(start, end);
    const target = into === undefined ? undefined : this.#checked(into, to - from);
    const bytes = this.#elementBytes;
    if (!target) return new this.#view.type(await this.#readBytes(from * bytes, to * bytes));
    await this.#view.buffer.readInto(this.#view.byteOffset + from * bytes, bytesOf(target));
    return target;
  }

  /**
   * Rows [from, to) of the first dimension, as read() gives elements; negative indices count from the end. The elements
   * of a row are `length / shape[0]`.
   */
  async rows(from?: number, to?: number, into?: A): Promise<A> {
    const [count = 0] = this.shape;
    const [start, end] = resolveRange(count, from, to);
    const each = count === 0 ? 0 : this.length / count;
    return this.read(start * each, end * each, into);
  }

  /**
   * The same elements under another shape; one of the lengths may be -1: what is left. Each of the two is closed on its own.
   * @throws RangeError where the lengths do not make up all elements
   */
  reshape(...shape: readonly number[]): MappedArray<A> {
    this.#open();
    return new MappedArray({ ...this.#view, shape: resolveShape(this.length, shape) });
  }

  /** As read(), at once. Only inside a dedicated worker; writes that are still awaited are not seen. */
  readSync(start?: number, end?: number, into?: A): A {
    assertDedicatedWorker();
    const [from, to] = this.#open(start, end);
    const { buffer, byteOffset, type } = this.#view;
    const bytes = this.#elementBytes;
    const target =
      into === undefined ? new type(new ArrayBuffer((to - from) * bytes)) : this.#checked(into, to - from);
    buffer.readSync(byteOffset + from * bytes, bytesOf(target));
    return target;
  }

  /** One element. @throws RangeError for an index outside of the array */
  async at(index: number): Promise<ElementOf<A>> {
    this.#open();
    const at = resolveIndex(this.length, index);
    const [element] = await this.read(at, at + 1);
    return element as ElementOf<A>; // the range has exactly one element
  }

  /**
   * Writes values from `offset` on, converted as TypedArray.set() does. They are copied before this returns.
   * @throws TypeError in mode 'r'; RangeError where they do not fit.
   */
  async set(values: ArrayLike<ElementOf<A>>, offset = 0): Promise<void> {
    this.#open();
    const { mode, type, buffer, byteOffset } = this.#view;
    if (mode === 'r') {
      throw new TypeError(
        `This array is read-only: its mode is 'r'; ask for 'c' to write to this object, or 'r+' to write to the stored result`,
      );
    }
    const at = resolveOffset(this.length, offset, values.length);
    const copy = type.from(values);
    await buffer.write(byteOffset + at * this.#elementBytes, bytesOf(copy));
  }

  /** The array in pieces of so many elements, the last one shorter; each a copy of its own. @throws RangeError */
  chunks(elements: number): AsyncIterableIterator<A> {
    this.#open();
    if (Number.isInteger(elements) && elements > 0) return this.#chunks(elements);
    throw new RangeError(`chunks() takes a whole number of elements from 1, not ${elements}`);
  }

  /** The elements as a Blob of raw bytes in the machine's byte order; the page holds a few MiB of them at a time. */
  async blob(): Promise<Blob> {
    this.#open();
    const parts: Blob[] = [];
    for (let at = 0; at < this.byteLength; at += PART_BYTES) {
      parts.push(new Blob([await this.#readBytes(at, Math.min(at + PART_BYTES, this.byteLength))]));
    }
    return new Blob(parts, { type: 'application/octet-stream' });
  }

  /**
   * Modes 'r+' and 'w+': what was written is in the stored result when this resolves. Nothing to do in the others.
   * @throws ResultEvictedError where the result was deleted or computed anew meanwhile.
   */
  async flush(): Promise<void> {
    this.#open();
    await this.#view.buffer.flush();
  }

  /**
   * Flushes, and lets go of the entry. Every later use but close() throws MemoryClosedError. What was written to an
   * array that is collected without close() or flush() is lost.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.#view.buffer.flush();
    } finally {
      await this.#letGo();
    }
  }

  get [Symbol.toStringTag](): string {
    return 'MappedArray';
  }

  get #elementBytes(): number {
    return this.#view.type.BYTES_PER_ELEMENT;
  }

  #open(start?: number, end?: number): readonly [from: number, to: number] {
    if (this.#isClosed) throw new MemoryClosedError('This MappedArray');
    this.#view.lease.touch();
    return resolveRange(this.length, start, end);
  }

  /** The part of `into` to fill. */
  #checked(into: A, count: number): A {
    const { type } = this.#view;
    if (into instanceof type && into.length === count) return into; // another realm's array is told by its name
    const { name } = type;
    if (!ArrayBuffer.isView(into) || classNameOf(into) !== name) {
      const found = typeof into === 'object' && into !== null ? classNameOf(into) : String(into);
      throw new TypeError(`"into" is a ${name} here, as the array that is read; not ${found}`);
    }
    if (into.length < count) {
      throw new RangeError(`"into" has ${into.length} elements, and ${count} are to be read`);
    }
    return into.length === count ? into : (into.subarray(0, count) as A); // subarray() keeps the class
  }

  #readBytes(start: number, end: number): Promise<ArrayBuffer> {
    const { buffer, byteOffset } = this.#view;
    return buffer.read(byteOffset + start, byteOffset + end);
  }

  async *#chunks(elements: number): AsyncGenerator<A, undefined> {
    for (let at = 0; at < this.length; at += elements) {
      yield await this.read(at, Math.min(at + elements, this.length));
    }
  }
}

const bytesOf = (array: TypedArray): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
