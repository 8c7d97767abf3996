/** Calls that are harder to end: of functions that get stuck, that call each other in a circle, or that transfer their argument. */
import type { CachedFunction, Memory } from 'keepsake';

/** What is told of a call that transfers, beside the numbers of the others. */
export const MOVED = 100_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const own = (id: string) => ({ id, captures: () => ({}) });

/** Functions that call each other in a circle. */
const RING = 3;
/** Longest that a caller stays with a run that is stuck. */
const PATIENCE_MS = 150;

/** The argument of a call that transfers it. */
export const movedOf = (key: number): Float64Array<ArrayBuffer> => new Float64Array(2_000).fill(key + 0.5);

type Step = CachedFunction<(key: number, depth: number) => Promise<string>>;
type Circle = CachedFunction<(key: number) => Promise<string>>;

export class MixedCalls {
  readonly moved: CachedFunction<(array: Float64Array<ArrayBuffer>) => Promise<number>>;
  readonly #memory: Memory;
  readonly #stuck: CachedFunction<(key: number) => Promise<string>>;
  readonly #steps: readonly Step[];
  readonly #circle: readonly Circle[];
  /** Runs of the stuck function, by key: every other one is. */
  readonly #runs = new Map<number, number>();
  /** Which of a circle's functions this tab is in, by key. */
  readonly #inside = new Set<string>();

  /** @param numbers By call key; what is not in it is not told. */
  constructor(memory: Memory, numbers: Map<string, number>) {
    this.#memory = memory;
    this.moved = memory.cache(
      async (array: Float64Array<ArrayBuffer>) => this.#move(array, numbers),
      own('moved'),
    );
    this.#stuck = memory.cache((key: number) => this.#getStuck(key), own('stuck'));
    this.#steps = Array.from({ length: RING }, (_, at) => this.#step(at));
    this.#circle = Array.from({ length: RING }, (_, at) => this.#circled(at));
  }

  /** @param chance From 0 to 1: which kind of call. */
  async call(key: number, chance: number): Promise<void> {
    const which = Math.floor(chance * 4 * RING);
    const [kind, at] = [Math.floor(which / RING), which % RING];
    if (kind === 0) await this.moved(movedOf(key));
    else if (kind === 1) await this.#callStuck(key);
    else {
      const value = await (kind === 2 ? this.#steps[at]?.(key, 0) : this.#circle[at]?.(key));
      if (value !== `${at} of ${key}`) throw new Error(`${value} in place of ${at} of ${key}`);
    }
  }

  /** A caller gives up a run that is stuck, and asks again until one is not. */
  async #callStuck(key: number): Promise<void> {
    for (;;) {
      const controller = new AbortController();
      void pause(PATIENCE_MS).then(() => controller.abort('given up'));
      try {
        const value = await this.#stuck.with({ signal: controller.signal })(key);
        if (value !== `free ${key}`) throw new Error(`stuck: ${value}`);
        return;
      } catch (error) {
        if (error !== 'given up') throw error;
        await window.tell('progress', key);
      }
    }
  }

  async #getStuck(key: number): Promise<string> {
    const run = (this.#runs.get(key) ?? 0) + 1;
    this.#runs.set(key, run);
    if (run % 2 === 1) return new Promise(() => undefined);
    await pause(1);
    return `free ${key}`;
  }

  async #move(array: Float64Array<ArrayBuffer>, numbers: Map<string, number>): Promise<number> {
    const key = Math.floor(array[0] ?? -1);
    const serial = await window.tell('enter', MOVED + key);
    const { key: callKey } = await this.moved.explain(array);
    numbers.set(callKey, MOVED + key);
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(array, [array.buffer]);
    port2.close();
    await pause((serial * 5) % 20);
    await window.tell('leave', MOVED + key, serial);
    return serial;
  }

  /** Each calls the next one with another depth, which is not in the key, until that is enough. */
  #step(at: number): Step {
    return this.#memory.cache(
      async (key: number, depth: number) => {
        await pause((key + at) % 5);
        if (depth <= RING) await this.#steps[(at + 1) % RING]?.(key, depth + 1);
        return `${at} of ${key}`;
      },
      { ...own(`step ${at}`), ignore: ['1'] },
    );
  }

  /** Each calls the next one, unless this tab is in that already. */
  #circled(at: number): Circle {
    return this.#memory.cache(
      async (key: number) => {
        const name = `${at} of ${key}`;
        if (this.#inside.has(name)) return name;
        this.#inside.add(name);
        try {
          if ((key + at) % 2 === 0) await pause((key + at) % 5);
          await this.#circle[(at + 1) % RING]?.(key);
        } finally {
          this.#inside.delete(name);
        }
        return name;
      },
      own(`circle ${at}`),
    );
  }
}
