/** Types of cached calls: parameters, overloads and type parameters as they were, the result by promise. */
import type { Mapped } from '../arrays/arrays.ts';
import type { AnyFunction, MaybeMode, MmapMode } from '../options/options.ts';

/** What a result `R` is in a mode. */
type InMode<R, M extends MaybeMode> = M extends MmapMode ? Mapped<Awaited<R>> : Awaited<R>;

/** What a call gives in a mode. */
export type ResultIn<F extends AnyFunction, M extends MaybeMode> = InMode<ReturnType<F>, M>;

type IsAny<T> = 0 extends 1 & T ? true : false;
type IsNever<T> = [T] extends [never] ? true : false;

/** Whether a call of F gives a promise of what it gives once cached: then its signatures stay as they are. */
type IsKept<R, M extends MaybeMode> = [M] extends [null]
  ? IsAny<R> extends true
    ? false
    : IsNever<R> extends true
      ? false
      : R extends Promise<infer V>
        ? IsAny<V> extends true
          ? true
          : V extends PromiseLike<unknown>
            ? false
            : true
        : false
  : false;

type Signature<T, A, R, M extends MaybeMode> = A extends readonly unknown[]
  ? (this: T, ...args: A) => Promise<InMode<R, M>>
  : unknown;

/** The last four signatures; of fewer, what is not there is `unknown`. */
type Promised<F extends AnyFunction, M extends MaybeMode> = F extends {
  (this: infer T1, ...args: infer A1): infer R1;
  (this: infer T2, ...args: infer A2): infer R2;
  (this: infer T3, ...args: infer A3): infer R3;
  (this: infer T4, ...args: infer A4): infer R4;
}
  ? Signature<T1, A1, R1, M> & Signature<T2, A2, R2, M> & Signature<T3, A3, R3, M> & Signature<T4, A4, R4, M>
  : (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<ResultIn<F, M>>;

/**
 * A cached call of F. Overloads are kept. Type parameters are kept where F is asynchronous and no mode is set; those of
 * a synchronous function come out as `unknown`, as a type cannot say that a generic result is promised.
 */
export type CachedCallOf<F extends AnyFunction, M extends MaybeMode> =
  // Beside each other, so that a call has its type where it is not known yet what F gives.
  (true extends IsKept<ReturnType<F>, M> ? F : unknown) & Promised<F, M>;
