/** Tells the other realms what becomes of entries here, many at a time, so that lists there are right. */
import type { ChannelMessage, EntryName, NewsTopic, RealmChannel } from '../locks/locks.ts';

/** A thousand stores are one message; nobody looks at a list more often. */
const PAUSE_MS = 200;

/** Whoever hears of more looks at everything anew. */
const MOST = 1_000;

type Batch = Map<NewsTopic, Map<string, EntryName>>;

export class News {
  readonly #channel: () => RealmChannel;
  #batch: Batch = new Map();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(channel: () => RealmChannel) {
    this.#channel = channel;
  }

  add(topic: NewsTopic, name: EntryName): void {
    let names = this.#batch.get(topic);
    if (!names) {
      names = new Map();
      this.#batch.set(topic, names);
    }
    names.set(name.key, name);
    this.#timer ??= setTimeout(() => this.tell(), PAUSE_MS);
  }

  /** A computation has ended. One that nobody heard of is over for everybody. */
  settled(name: EntryName): void {
    if (!this.#batch.get('computing')?.delete(name.key)) this.add('settled', name);
  }

  /** Tells what there is to tell, at once. */
  tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#batch;
    this.#batch = new Map();
    for (const [topic, names] of batch) {
      if (names.size === 0) continue;
      const entries = [...names.values()].slice(0, MOST);
      const message: ChannelMessage = { kind: 'news', topic, entries, isMore: names.size > MOST };
      this.#channel().post(message);
    }
  }
}
