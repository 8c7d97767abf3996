/** What the programs share that show whose call a call is. */
import type { Memory } from '../../memory/memory.ts';

export type Cache = Pick<Memory, 'cache'>;

/** A page's program: what its calls answered, in order. */
export type Program = (memory: Cache) => Promise<unknown[]>;

/** One step after the other. */
export async function all(...steps: (() => unknown)[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const step of steps) values.push(await step());
  return values.filter((value) => value !== undefined);
}

/** The same decorators and wrappers without a cache. */
export const uncached: Cache = {
  // As the overloads of Memory.cache have it, but that nothing is cached.
  cache: ((first: unknown) =>
    typeof first === 'function' ? first : (fn: unknown) => fn) as unknown as Cache['cache'],
};
