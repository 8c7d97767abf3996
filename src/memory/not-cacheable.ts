/** Results that can never be stored, as far as their type says so for certain. */

type IsNever<R> = [R] extends [never] ? true : false;

/** Why a result cannot be stored; 'storable' where it can be, or where nobody knows. */
type Verdict<R> = R extends ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown)
  ? 'A function cannot be stored: return the data that it is made from, or give a codec in "codecs".'
  : R extends { next(...args: never[]): unknown; [Symbol.iterator](): unknown }
    ? 'A generator or iterator cannot be stored: return [...iterator], or write an async generator.'
    : R extends { readonly nodeType: number; readonly ownerDocument: unknown; readonly childNodes: unknown }
      ? 'A DOM node cannot be stored: return its data or its text, or give a codec in "codecs".'
      : R extends { readonly [Symbol.toStringTag]: 'WeakRef'; deref(): unknown }
        ? 'A WeakRef cannot be stored: return what it refers to.'
        : R extends readonly PromiseLike<unknown>[]
          ? VerdictOfPromises<R>
          : 'storable';

type VerdictOfPromises<R extends readonly unknown[]> =
  // An empty tuple holds none, and of an array of anything nobody knows.
  IsNever<R[number]> extends true
    ? 'storable'
    : 0 extends 1 & R[number]
      ? 'storable'
      : 'Promises cannot be stored: return Promise.all(promises).';

/** The verdict on what `R` comes to; of a union, all members have to be refused. */
export type StorableVerdict<R> = IsNever<Awaited<R>> extends true ? 'storable' : Verdict<Awaited<R>>;

/** Nothing of a function whose results can be stored, or may be; `unknown` otherwise. */
export type OnlyUnstorable<R> = 'storable' extends StorableVerdict<R> ? never : unknown;

/** What `cache()` gives for a function whose results can never be stored: nothing to be called, and why. */
export interface NotCacheable<Why extends string> {
  readonly why: Why;
}
