/** What other realms say, as this memory's events. */
import type { CacheEvent } from '../events/events.ts';
import type { ChannelMessage } from '../locks/locks.ts';

const nothing = { removed: 0, freedBytes: 0 };

/** The event of a message; undefined where it is of no account to users. */
export function eventOf(message: ChannelMessage): CacheEvent | undefined {
  switch (message.kind) {
    case 'clear':
    case 'clear-origin':
      return { kind: 'delete', reason: 'remote', ...nothing };
    case 'delete':
      return { kind: 'delete', reason: 'remote', keys: message.keys, ...nothing };
    case 'clear-function':
      return { kind: 'delete', reason: 'remote', functionId: message.functionId, ...nothing };
    case 'evict':
      return {
        kind: 'remote',
        reason: 'evicted',
        entries: message.keys.map((key) => ({ key })),
        isMore: false,
      };
    case 'news':
      return { kind: 'remote', reason: message.topic, entries: message.entries, isMore: message.isMore };
    default:
      return undefined;
  }
}
