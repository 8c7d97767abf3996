/** `keepsake/testing`: what tests of programs that cache need. It works in Node, in jsdom and in happy-dom. */
import type { CachedFunction, Memory } from 'keepsake';

/** Where every Memory looks that is told nothing of its storage. */
const storageKey = Symbol.for('keepsake.storage');

/** Undoes what was done. */
export interface Undo {
  restore(): void;
}

/**
 * From now on, memories that do not say otherwise keep their results in the memory of this process: with keys, copies,
 * limits, events and ages as in a browser, and nothing on disk. Call it before the modules that make them are imported.
 *
 * @example
 * // vitest.setup.ts
 * import { installMemoryStorage } from 'keepsake/testing';
 * installMemoryStorage();
 */
export function installMemoryStorage(): Undo {
  const before = Reflect.get(globalThis, storageKey);
  Reflect.set(globalThis, storageKey, 'memory');
  return { restore: () => void Reflect.set(globalThis, storageKey, before) };
}

/** A clock that all of this realm reads, keepsake too: it goes on as always, and can be put forward. */
export interface Clock extends Undo {
  advance(ms: number): void;
}

/**
 * Takes over `Date.now()`, so that a test need not wait until a result is too old.
 *
 * @example
 * const clock = installClock();
 * clock.advance(86_400_000);
 * clock.restore();
 */
export function installClock(): Clock {
  const { now } = Date;
  let ahead = 0;
  Date.now = () => now() + ahead;
  return {
    restore: () => {
      Date.now = now;
    },
    advance: (ms) => {
      ahead += ms;
    },
  };
}

/** What is needed of a cached function. */
type Counted = Pick<CachedFunction, 'id' | 'memory'>;

/**
 * Runs `body`, and counts how often the function was computed meanwhile: as it is when everything that was computed has
 * been stored.
 *
 * @throws Error where that is not `count` times
 * @returns what `body` returns
 * @example
 * await expectComputed(distances, 1, async () => {
 *   await distances(10);
 *   await distances(10); // from the store
 * });
 */
export async function expectComputed<T>(f: Counted, count: number, body: () => T | Promise<T>): Promise<T> {
  const memory = f.memory as Memory; // its handle is the memory itself
  const computed: string[] = [];
  const listen: Parameters<typeof memory.addEventListener<'compute'>>[1] = ({ detail }) => {
    if (detail.functionId === f.id) computed.push(detail.reason);
  };
  memory.addEventListener('compute', listen);
  try {
    const value = await body();
    await memory.flush();
    if (computed.length === count) return value;
  } finally {
    memory.removeEventListener('compute', listen);
  }
  const reasons = computed.length > 0 ? ` (${computed.join(', ')})` : '';
  throw new Error(
    `${f.id} was to be computed ${count} times, and was computed ${computed.length} times${reasons}`,
  );
}
