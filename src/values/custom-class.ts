/** How the caller teaches Keepsake a class of theirs. */

/** Turns objects of one class into plain data and back; `name` is stored, so it must not change. */
export interface Codec<T = unknown, P = unknown> {
  readonly name: string;
  is(value: unknown): value is T;
  encode(value: T): P;
  decode(plain: P): T;
}

/** The first codec that claims the object. */
export function codecFor(value: object, codecs: readonly Codec[] | undefined): Codec | undefined {
  if (codecs === undefined) return undefined;
  for (const codec of codecs) if (codec.is(value)) return codec;
  return undefined;
}
