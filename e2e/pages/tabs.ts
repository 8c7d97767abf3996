/** One tab of several that call the same function with the same few arguments, and tell the runner what they do. */
import { type CachedFunction, Memory } from 'keepsake';
import { randomFrom } from '../support/random.ts';
import { bytesOf, isBytesOf } from './bytes-of.ts';
import { MixedCalls, MOVED, movedOf } from './tabs-mixed.ts';

/** In the record, in segments, and one in a file of its own, so that most calls are quick. */
const SIZES = [300, 4_000, 20_000, 60_000, 100_000, 300_000, 700_000, 1_500_000];
const LARGEST = 4_200_000;
/** Longest that a computation takes beside its reports. */
const LONGEST_MS = 30;
/** Latest that the signal of a call fires. */
const LONGEST_WAIT_MS = 40;

export interface Work {
  readonly memory: string;
  readonly seed: number;
  readonly calls: number;
  readonly keys: number;
  /** Calls at a time. */
  readonly lanes: number;
  /** How many calls in a hundred have a signal that fires soon. */
  readonly abortedPercent: number;
  /** How many calls in a hundred are of other functions. */
  readonly mixedPercent: number;
  readonly memoryTierBytes: number;
  /** Clears the memory before this call. */
  readonly clearAt?: number;
}

export interface WorkDone {
  readonly completed: number;
  readonly aborted: number;
  readonly mixed: number;
  readonly hits: number;
  /** What must not be: wrong values, calls that failed, values that were not kept. */
  readonly wrong: readonly string[];
}

export type Told = 'enter' | 'leave' | 'give-up' | 'stored' | 'refused' | 'progress' | 'clearing' | 'cleared';

/** A value that says which computation it comes from. */
interface Numbered {
  readonly serial: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

type Compute = (key: number, signal?: AbortSignal) => Promise<Numbered>;

const sizeOf = (key: number): number => (key % 50 === 7 ? LARGEST : (SIZES[key % SIZES.length] ?? 0));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const isRight = ({ bytes }: Numbered, key: number): boolean => isBytesOf(bytes, key, sizeOf(key));

class Tab {
  readonly #work: Work;
  readonly #random: () => number;
  readonly #memory: Memory;
  readonly #cached: CachedFunction<Compute>;
  /** Of call keys, the numbers that they are for. */
  readonly #numbers = new Map<string, number>();
  readonly #wrong: string[] = [];
  readonly #mixed: MixedCalls;
  #mixedCalls = 0;
  #completed = 0;
  #aborted = 0;
  #hits = 0;
  #started = 0;

  constructor(work: Work) {
    const { memory: name, memoryTierBytes, seed } = work;
    this.#work = work;
    this.#random = randomFrom(seed);
    this.#memory = new Memory({ name, memoryTierBytes, verify: 'off' });
    const compute: Compute = (key, signal) => this.#compute(key, signal);
    this.#cached = this.#memory.cache(compute, { id: 'numbered', captures: () => ({}) });
    this.#memory.addEventListener('hit', () => {
      this.#hits += 1;
    });
    this.#mixed = new MixedCalls(this.#memory, this.#numbers);
    this.#memory.addEventListener('store', ({ detail }) => {
      void window.tell('stored', this.#numbers.get(detail.key) ?? -1);
    });
    this.#memory.addEventListener('skip', ({ detail: { key, reason, error } }) => {
      if (reason === 'cleared') void window.tell('refused', this.#numbers.get(key) ?? -1);
      else if (reason === 'aborted') void window.tell('give-up', this.#numbers.get(key) ?? -1);
      else this.#wrong.push(`not kept: ${reason} ${String(error)}`);
    });
  }

  /** Makes the calls, so many at a time. */
  async run(): Promise<WorkDone> {
    await Promise.all(Array.from({ length: this.#work.lanes }, () => this.#lane()));
    await this.#memory.close();
    return {
      completed: this.#completed,
      aborted: this.#aborted,
      mixed: this.#mixedCalls,
      hits: this.#hits,
      wrong: this.#wrong,
    };
  }

  /** The serial of each stored value, by key, when nobody else works; what is not stored is left out. */
  async serials(): Promise<{ serials: Record<number, number>; wrong: readonly string[] }> {
    const serials: Record<number, number> = {};
    for (let key = 0; key < this.#work.keys; key += 1) {
      if (!(await this.#cached.checkCallInCache(key))) continue;
      const value = await this.#get(key);
      if (!isRight(value, key)) this.#wrong.push(`stored value of ${key}`);
      serials[key] = value.serial;
    }
    for (let key = 0; key < this.#work.keys; key += 1) {
      if (!(await this.#mixed.moved.checkCallInCache(movedOf(key)))) continue;
      serials[MOVED + key] = await this.#mixed.moved(movedOf(key));
    }
    await this.#memory.close();
    return { serials, wrong: this.#wrong };
  }

  async #compute(key: number, signal: AbortSignal | undefined): Promise<Numbered> {
    // First of all, so that runs are told of in their order. The runner may close the tab in place of an answer: that is
    // in the middle of a computation.
    const serial = await window.tell('enter', key);
    const { key: callKey } = await this.#cached.explain(key);
    this.#numbers.set(callKey, key);
    await pause(((serial * 7) % LONGEST_MS) + 1);
    for (const told of ['leave', 'nothing'] as const) {
      if (signal?.aborted) {
        await window.tell('give-up', key, serial);
        signal.throwIfAborted();
      }
      if (told === 'leave') await window.tell(told, key, serial);
    }
    return { serial, bytes: bytesOf(key, sizeOf(key)) };
  }

  async #lane(): Promise<void> {
    while (this.#started < this.#work.calls) {
      this.#started += 1;
      const at = this.#started;
      if (at === this.#work.clearAt) await this.#clear();
      if (this.#random() * 100 < this.#work.mixedPercent) await this.#callMixed();
      else await this.#call();
      if (at % 20 === 0) await window.tell('progress', at);
    }
  }

  async #callMixed(): Promise<void> {
    const key = Math.floor(this.#random() * this.#work.keys);
    this.#mixedCalls += 1;
    try {
      await this.#mixed.call(key, this.#random());
    } catch (error) {
      this.#wrong.push(`mixed call of ${key}: ${String(error)}`);
    }
  }

  async #clear(): Promise<void> {
    await window.tell('clearing', -1);
    await this.#memory.clear();
    await window.tell('cleared', -1);
  }

  #get(key: number, ...rest: [] | [signal: AbortSignal]): Promise<Numbered> {
    return this.#cached(key, ...rest) as Promise<Numbered>; // no mmapMode is set
  }

  /** One call; some have a signal, beside the arguments or, for the function to heed, among them. */
  async #call(): Promise<void> {
    const key = Math.floor(this.#random() * this.#work.keys);
    const isSignalled = this.#random() * 100 < this.#work.abortedPercent;
    const [waitMs, isArgument] = [this.#random() * LONGEST_WAIT_MS, this.#random() < 0.5];
    const controller = new AbortController();
    const reason = `the signal of a call of ${key}`;
    if (isSignalled) void pause(waitMs).then(() => controller.abort(reason));
    const { signal } = controller;
    const signalled = (): Promise<Numbered> =>
      isArgument ? this.#get(key, signal) : (this.#cached.with({ signal })(key) as Promise<Numbered>); // as above
    try {
      const value = await (isSignalled ? signalled() : this.#get(key));
      if (!isRight(value, key)) this.#wrong.push(`value of ${key}`);
      this.#completed += 1;
    } catch (error) {
      // Nothing but the caller's own signal rejects a call.
      if (isSignalled && error === reason) this.#aborted += 1;
      else this.#wrong.push(`call of ${key}: ${String(error)}`);
    }
  }
}

const uncaught: string[] = [];
addEventListener('error', ({ message }) => uncaught.push(message));
addEventListener('unhandledrejection', ({ reason }) => uncaught.push(String(reason)));

const tabs = {
  run: (work: Work): Promise<WorkDone> => new Tab(work).run(),
  serials: (work: Work) => new Tab(work).serials(),
  clearOrigin: () => Memory.clearOrigin(),
  uncaught: () => uncaught,
};

declare global {
  interface Window {
    readonly tabs: typeof tabs;
    /** Tells the runner, which may answer late; on 'enter' it gives the computation a serial number. */
    tell(what: Told, key: number, serial?: number): Promise<number>;
  }
}

Object.assign(window, { tabs });
