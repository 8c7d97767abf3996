/** One kind of value of one package, tried as argument and as result. */
import type { Codec } from 'keepsake';

export interface Sample<T = unknown> {
  /** As npm calls it. */
  readonly package: string;
  /** What of it: 'DateTime'. */
  readonly what: string;
  make(): T | Promise<T>;
  /** Another value of the kind. */
  other(): T | Promise<T>;
  /** The first value again, made another way: the same call. */
  equal?(): T | Promise<T>;
  /** Made by another copy of the library: a result is of the class that the codec was given. */
  readonly isForeign?: boolean;
  /** What a function would read from it, as plain data; for results also what tells that the class is still there. */
  tell(value: T): unknown;
  /** The codecs that it needs, made anew for each function. */
  readonly codecs?: () => readonly Codec[];
  /** These in the reader's words: `decimal(Decimal)`. */
  readonly line?: string;
  /** Which entry has them: 'numbers'. */
  readonly entry?: string;
}
