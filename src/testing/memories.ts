/** Memories for browser tests: each with a name of its own, closed and deleted afterwards. */
import type { CacheEvent, CacheEventKind } from '../events/events.ts';
import { Memory, type MemoryOptions } from '../memory/memory.ts';

const kinds: readonly CacheEventKind[] = [
  'hit',
  'miss',
  'compute',
  'store',
  'skip',
  'stale',
  'evict',
  'damaged',
  'delete',
  'storage',
];

export interface Watched {
  readonly memory: Memory;
  /** Everything that happened, in order. */
  readonly events: CacheEvent[];
  /** The reasons of one kind of event. */
  reasons(kind: CacheEventKind): string[];
}

/** A memory whose events are written down. */
export function watch(memory: Memory): Watched {
  const events: CacheEvent[] = [];
  for (const kind of kinds) memory.addEventListener(kind, ({ detail }) => void events.push(detail));
  return {
    memory,
    events,
    reasons: (kind) => events.filter((event) => event.kind === kind).map(({ reason }) => reason),
  };
}

let made = 0;

/** A name that no other test has, in this run or an earlier one on the same profile. */
export function freshName(): string {
  made += 1;
  return `test-${Date.now().toString(36)}-${made}`;
}

/** Opens the same store again, as a page does after a reload: nothing of the realm's memory is left. */
export const reopen = (memory: Memory, options: MemoryOptions = {}): Watched =>
  watch(new Memory({ name: memory.name, ...options }));

export const freshMemory = (options: MemoryOptions = {}): Watched =>
  watch(new Memory({ name: freshName(), ...options }));
