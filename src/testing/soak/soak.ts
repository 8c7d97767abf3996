/**
 * A day in the life of a memory: stores, hits, writes, deletions, reopenings in seeded order, by several realms, against
 * a model of what is stored. Whatever differs from the model is written down, with the step.
 */
import { randomFrom } from '../faults/faults.ts';
import { SoakRealm, type SoakReply, type SoakTask } from './soak-realm.ts';
import { type Patch, patchedLength, type Wanted } from './soak-values.ts';
import { SoakWorkerRealm } from './soak-worker-realm.ts';

/** Different arguments of both functions together. */
const ARGUMENTS = 160;
const MAX_PATCH = 400;
/** Tasks that run at once in a storm, and the arguments that they are about. */
const STORM_TASKS = 12;
const STORM_ARGUMENTS = 3;

interface Realm {
  readonly at: number;
  readonly driver: SoakRealm | SoakWorkerRealm;
  /** Deletions that it must have heard of since it was opened. */
  deletions: number;
  /** Has computed since it was flushed. */
  isDirty: boolean;
}

export class Soak {
  readonly #name: string;
  readonly #random: () => number;
  readonly #worker = new SoakWorkerRealm();
  readonly #realms: readonly Realm[];
  /** What is stored: by argument, what was written to the result. */
  readonly #stored = new Map<number, Patch[]>();
  /** Arguments whose results were deleted, replaced or written to since a realm began to hold arrays. */
  readonly #changed = new Set<number>();
  readonly wrong: string[] = [];
  /** How often each action ran. */
  readonly counts: Record<string, number> = {};
  #step = 0;

  constructor(name: string, seed: number) {
    this.#name = name;
    this.#random = randomFrom(seed);
    const drivers = [new SoakRealm(), new SoakRealm(), this.#worker];
    this.#realms = drivers.map((driver, at) => ({ at, driver, deletions: 0, isDirty: false }));
  }

  async open(): Promise<void> {
    for (const realm of this.#realms) await this.#reopen(realm);
  }

  async step(): Promise<void> {
    this.#step += 1;
    const actions: readonly (readonly [share: number, name: string, act: (realm: Realm) => Promise<void>])[] =
      [
        [48, 'call', (realm) => this.#call(realm)],
        [5, 'burst', () => this.#burst()],
        [12, 'delete', (realm) => this.#delete(realm)],
        [8, 'fresh', (realm) => this.#fresh(realm)],
        [8, 'read', (realm) => this.#read(realm)],
        [6, 'write', (realm) => this.#write(realm)],
        [2, 'hold', (realm) => this.#hold(realm)],
        [3, 'reread', (realm) => this.#reread(realm)],
        [2, 'check', (realm) => this.#check(realm)],
        [1, 'storm', () => this.#storm()],
        [1, 'reopen', (realm) => this.#close(realm)],
        [0.3, 'replace', () => this.#replace()],
        [0.4, 'reduce', (realm) => this.#reduce(realm)],
        [0.25, 'clear function', (realm) => this.#clearFunction(realm)],
        [0.05, 'clear', (realm) => this.#clear(realm)],
      ];
    let left = this.#random() * actions.reduce((sum, [share]) => sum + share, 0);
    const chosen = actions.find(([share]) => {
      left -= share;
      return left < 0;
    });
    const [, name, act] = chosen ?? actions[0]!; // the list is not empty
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    try {
      await act(this.#pick(this.#realms));
    } catch (error) {
      this.#note(`${name}: ${error instanceof Error ? `${error.name}: ${error.stack}` : String(error)}`);
    }
  }

  /** Every entry is read once more, by some realm. */
  async readAll(): Promise<void> {
    for (const n of this.#stored.keys()) await this.#call(this.#pick(this.#realms), n);
  }

  async close(): Promise<void> {
    await this.#settle();
    for (const { driver } of this.#realms) await driver.perform({ kind: 'close' });
    this.#worker.terminate();
  }

  #note(what: string): void {
    const line = `step ${this.#step}: ${what}`;
    console.error(line); // a long run is not over when the first one comes
    this.wrong.push(line);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#number(list.length)]!; // callers have something to pick from
  }

  #number(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #wanted(n = this.#number(ARGUMENTS)): Wanted {
    return { n, patches: this.#stored.get(n) ?? [] };
  }

  #patch({ n }: Wanted): Patch {
    const length = patchedLength(n);
    const start = this.#number(length);
    return { start, length: Math.min(length - start, 1 + this.#number(MAX_PATCH)), value: this.#number(256) };
  }

  async #perform(realm: Realm, task: SoakTask): Promise<SoakReply> {
    const reply = await realm.driver.perform(task);
    if (reply.computed.length > 0) realm.isDirty = true;
    if (reply.wrong) this.#note(`${reply.wrong} in realm ${realm.at} by ${JSON.stringify(task)}`);
    return reply;
  }

  /** A task that computes where nothing is stored, and only there; the result is stored afterwards. */
  async #use(realm: Realm, task: SoakTask & { readonly wanted: Wanted }): Promise<void> {
    const { n } = task.wanted;
    const { computed } = await this.#perform(realm, task);
    const expected = this.#stored.has(n) ? '' : `${n}`;
    if (computed.join() !== expected)
      this.#note(`${task.kind} of ${n} in realm ${realm.at} ran for "${computed}", not "${expected}"`);
    if (!this.#stored.has(n)) this.#stored.set(n, []);
  }

  async #call(realm: Realm, n?: number): Promise<void> {
    await this.#use(realm, { kind: 'call', wanted: this.#wanted(n) });
  }

  /** The same and other calls by all realms at once: each is computed once. */
  async #burst(): Promise<void> {
    const wanted = Array.from({ length: 2 + this.#number(4) }, () => this.#wanted());
    const calls = wanted.flatMap((each) => this.#realms.map((realm) => ({ each, realm })));
    const replies = await Promise.all(
      calls.map(({ each, realm }) => this.#perform(realm, { kind: 'call', wanted: each })),
    );
    const computed = replies.flatMap((reply) => reply.computed).sort();
    const missing = [...new Set(wanted.map(({ n }) => n))].filter((n) => !this.#stored.has(n)).sort();
    if (computed.join() !== missing.join()) this.#note(`burst ran for "${computed}", not "${missing}"`);
    for (const n of missing) this.#stored.set(n, []);
  }

  async #delete(realm: Realm, n?: number): Promise<void> {
    await this.#settle();
    const wanted = this.#wanted(n);
    const { isStored } = await this.#perform(realm, { kind: 'delete', wanted });
    if (isStored !== this.#stored.has(wanted.n)) this.#note(`delete of ${wanted.n} removed: ${isStored}`);
    this.#forget([wanted.n]);
    await this.#spread(realm, { isHeard: true });
  }

  async #fresh(realm: Realm): Promise<void> {
    const { n } = this.#wanted();
    const { computed } = await this.#perform(realm, { kind: 'fresh', wanted: { n, patches: [] } });
    if (computed.join() !== `${n}`) this.#note(`fresh ${n} ran for "${computed}"`);
    this.#forget([n]);
    this.#stored.set(n, []);
    await this.#settle();
    await this.#spread(realm);
  }

  async #read(realm: Realm): Promise<void> {
    const wanted = this.#wanted();
    await this.#use(realm, { kind: 'read', wanted, patch: this.#patch(wanted) });
  }

  async #write(realm: Realm): Promise<void> {
    const before = this.#wanted();
    const patch = this.#patch(before);
    const patches = [...before.patches, patch];
    await this.#use(realm, { kind: 'write', wanted: { n: before.n, patches }, patch });
    this.#forget([before.n]);
    this.#stored.set(before.n, patches);
    await this.#settle();
    await this.#spread(realm);
  }

  async #hold(realm: Realm): Promise<void> {
    const wanted = this.#wanted();
    await this.#use(realm, { kind: 'hold', wanted });
    this.#changed.delete(wanted.n);
  }

  async #reread(realm: Realm): Promise<void> {
    await this.#perform(realm, { kind: 'reread', changed: [...this.#changed] });
  }

  async #check(realm: Realm, wanted = this.#wanted()): Promise<void> {
    await this.#settle();
    const { isStored } = await this.#perform(realm, { kind: 'check', wanted });
    if (isStored !== this.#stored.has(wanted.n))
      this.#note(`check of ${wanted.n} in realm ${realm.at}: ${isStored}`);
  }

  /** Calls, deletions and computations of a few results, all at once: any order is right, wrong values are not. */
  async #storm(): Promise<void> {
    const arguments_ = Array.from({ length: STORM_ARGUMENTS }, () => this.#number(ARGUMENTS));
    // Whatever was written to them would be there or not.
    for (const n of arguments_) await this.#delete(this.#pick(this.#realms), n);
    const kinds = ['call', 'call', 'call', 'fresh', 'delete', 'check'] as const;
    const tasks = Array.from({ length: STORM_TASKS }, () => {
      const wanted: Wanted = { n: this.#pick(arguments_), patches: [] };
      return { realm: this.#pick(this.#realms), task: { kind: this.#pick(kinds), wanted } };
    });
    await Promise.all(tasks.map(({ realm, task }) => this.#perform(realm, task)));
    await this.#settle();
    for (const { realm, task } of tasks) if (task.kind === 'delete') this.#expectDeletion(realm);
    for (const realm of this.#realms) await this.#spread(realm);
    const [first, ...others] = this.#realms;
    for (const n of new Set(arguments_)) {
      const { isStored } = await this.#perform(first!, { kind: 'check', wanted: { n, patches: [] } }); // there are three
      if (isStored) this.#stored.set(n, []);
      for (const realm of others) await this.#check(realm, { n, patches: [] });
    }
  }

  async #reduce(realm: Realm): Promise<void> {
    await this.#settle();
    const { stored = [] } = await this.#perform(realm, { kind: 'reduce', share: 0.6 + 0.4 * this.#random() });
    const unknown = stored.filter((n) => !this.#stored.has(n));
    if (unknown.length > 0) this.#note(`stored though deleted: ${unknown}`);
    const kept = new Set(stored);
    this.#forget([...this.#stored.keys()].filter((n) => !kept.has(n)));
    await this.#spread(realm);
  }

  async #clearFunction(realm: Realm): Promise<void> {
    await this.#settle();
    const wanted = this.#wanted();
    await this.#perform(realm, { kind: 'clear-function', wanted });
    this.#forget([...this.#stored.keys()].filter((n) => n % 2 === wanted.n % 2));
    await this.#spread(realm, { isHeard: true });
  }

  async #clear(realm: Realm): Promise<void> {
    await this.#settle();
    await this.#perform(realm, { kind: 'clear' });
    this.#forget([...this.#stored.keys()]);
    await this.#spread(realm, { isHeard: true });
  }

  async #close(realm: Realm): Promise<void> {
    await this.#perform(realm, { kind: 'close' });
    await this.#reopen(realm);
  }

  async #replace(): Promise<void> {
    await this.#settle();
    this.#worker.replace();
    const realm = this.#realms.find(({ driver }) => driver === this.#worker);
    if (realm) await this.#reopen(realm);
  }

  async #reopen(realm: Realm): Promise<void> {
    realm.deletions = 0;
    realm.isDirty = false;
    await this.#perform(realm, { kind: 'open', name: this.#name });
  }

  #forget(gone: readonly number[]): void {
    for (const n of gone) {
      this.#stored.delete(n);
      this.#changed.add(n);
    }
  }

  /** What was computed is stored. */
  async #settle(): Promise<void> {
    for (const realm of this.#realms.filter(({ isDirty }) => isDirty)) {
      realm.isDirty = false;
      await this.#perform(realm, { kind: 'flush' });
    }
  }

  #expectDeletion(by: Realm): void {
    for (const realm of this.#realms) if (realm !== by) realm.deletions += 1;
  }

  /** The other realms hear of what this one has changed. `isHeard`: what it did is told as a deletion. */
  async #spread(by: Realm, { isHeard = false } = {}): Promise<void> {
    if (!isHeard) await this.#perform(by, { kind: 'beacon' });
    this.#expectDeletion(by);
    for (const realm of this.#realms)
      await this.#perform(realm, { kind: 'hear', deletions: realm.deletions });
  }
}
