/** A realm of the soak: a Memory, and what it is told to do with it. On a page, and in a worker by messages. */
import type { MappedArray } from '../../arrays/arrays.ts';
import { ResultEvictedError } from '../../errors/errors.ts';
import type { CachedFunction, MmapMode } from '../../index.ts';
import { Memory } from '../../memory/memory.ts';
import {
  composite,
  expectedOf,
  isComposite,
  isRight,
  type Patch,
  patchedOf,
  ramp,
  type Wanted,
} from './soak-values.ts';

/** What a realm is told, as plain data. */
export type SoakTask =
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'call' | 'fresh' | 'check' | 'delete' | 'hold'; readonly wanted: Wanted }
  | { readonly kind: 'read' | 'write'; readonly wanted: Wanted; readonly patch: Patch }
  /** Reads what is held; results of `changed` may be gone. */
  | { readonly kind: 'reread'; readonly changed: readonly number[] }
  | { readonly kind: 'clear-function'; readonly wanted: Wanted }
  | { readonly kind: 'clear' | 'flush' | 'close' | 'beacon' }
  | { readonly kind: 'reduce'; readonly share: number }
  /** Waits until so many deletions of other realms were heard of since it was opened. */
  | { readonly kind: 'hear'; readonly deletions: number };

export interface SoakReply {
  /** Arguments for which a function ran. */
  readonly computed: readonly number[];
  /** Whether there was an entry. */
  readonly isStored?: boolean;
  /** Arguments of everything that is stored. */
  readonly stored?: readonly number[];
  readonly wrong?: string;
}

type Outcome = Omit<SoakReply, 'computed'>;
type MappedNumbers = MappedArray<Float64Array> | MappedArray<Uint8Array>;

interface Held {
  readonly wanted: Wanted;
  readonly array: MappedNumbers;
}

/** Each open array holds a pin and, in a worker, a handle. */
const MAX_HELD = 3;

const wrongUnless = (isFine: boolean, wrong: string): Outcome => (isFine ? {} : { wrong });

const isDedicatedWorker = typeof document === 'undefined';

/** Whether the array's elements around a place are what they must be, read in both ways that there are. */
async function isArrayRight(
  array: MappedNumbers,
  wanted: Wanted,
  { start, length }: Patch,
): Promise<boolean> {
  const expected = patchedOf(expectedOf(wanted));
  const from = Math.max(0, start - 10);
  const to = Math.min(expected.length, start + length + 10);
  const slice = expected.subarray(from, to);
  const found = [await array.read(from, to)];
  if (isDedicatedWorker && array.mode !== 'c') found.push(array.readSync(from, to));
  return array.length === expected.length && found.every((each) => indexedDB.cmp(each, slice) === 0);
}

export class SoakRealm {
  #memory = new Memory({ storage: null });
  #ramp: CachedFunction<typeof ramp> = this.#memory.cache(ramp);
  #composite: CachedFunction<typeof composite> = this.#memory.cache(composite);
  #computed: number[] = [];
  #held: Held[] = [];
  #heard = 0;
  #hears = Promise.withResolvers<void>();

  /** Rejects with what the memory throws. */
  async perform(task: SoakTask): Promise<SoakReply> {
    const outcome = (await this.#run(task)) ?? {};
    return { ...outcome, computed: this.#computed.splice(0) };
  }

  async #run(task: SoakTask): Promise<Outcome | undefined> {
    switch (task.kind) {
      case 'open':
        return this.#open(task.name);
      case 'call':
        return wrongUnless(isRight(await this.#function(task)(task.wanted.n), task.wanted), 'value');
      case 'fresh': {
        const { value } = await this.#function(task).compute(task.wanted.n);
        return wrongUnless(isRight(value, task.wanted), 'value computed anew');
      }
      case 'check':
        return { isStored: await this.#function(task).checkCallInCache(task.wanted.n) };
      case 'delete':
        return { isStored: (await this.#function(task).delete(task.wanted.n)).removed > 0 };
      case 'clear-function':
        return void (await this.#function(task).clear());
      case 'read':
        return this.#read(task.wanted, task.patch);
      case 'write':
        return this.#write(task.wanted, task.patch);
      case 'hold':
        return this.#hold(task.wanted);
      case 'reread':
        return this.#reread(new Set(task.changed));
      case 'hear':
        while (this.#heard < task.deletions) await this.#hears.promise;
        return undefined;
      default:
        return this.#runOnAll(task);
    }
  }

  async #runOnAll(task: Extract<SoakTask, { kind: 'clear' | 'flush' | 'close' | 'beacon' | 'reduce' }>) {
    if (task.kind === 'clear') await this.#memory.clear();
    if (task.kind === 'flush') await this.#memory.flush();
    if (task.kind === 'close') await this.#memory.close();
    // One more deletion that others hear of, behind everything that was sent before.
    if (task.kind === 'beacon') await this.#memory.delete('nothing');
    return task.kind === 'reduce' ? this.#reduce(task.share) : undefined;
  }

  async #reduce(share: number): Promise<Outcome> {
    const total = async (): Promise<number> => (await this.#memory.stats()).bytes;
    const limit = Math.floor((await total()) * share);
    await this.#memory.reduceSize({ bytes: limit });
    const entries = await Array.fromAsync(this.#memory.entries());
    const stored = entries.map(({ argumentsPreview }) => Number(/\d+/.exec(argumentsPreview)));
    const size = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (size !== (await total())) return { stored, wrong: 'running totals' };
    return { stored };
  }

  #open(name: string): undefined {
    const memory = new Memory({ name });
    this.#memory = memory;
    this.#held = [];
    this.#heard = 0;
    const run =
      <T>(fn: (n: number) => T) =>
      (n: number): T => {
        this.#computed.push(n);
        return fn(n);
      };
    const options = { captures: () => ({}) };
    this.#ramp = memory.cache(run(ramp), { id: 'ramp', ...options });
    this.#composite = memory.cache(run(composite), { id: 'composite', ...options });
    memory.addEventListener('delete', ({ detail: { reason } }) => {
      if (reason !== 'remote') return;
      this.#heard += 1;
      this.#hears.resolve();
      this.#hears = Promise.withResolvers();
    });
    return undefined;
  }

  #function({ wanted: { n } }: { readonly wanted: Wanted }) {
    return isComposite(n) ? this.#composite : this.#ramp;
  }

  async #mapped({ n }: Wanted, mode: MmapMode): Promise<MappedNumbers> {
    if (!isComposite(n)) return this.#ramp.with({ mmapMode: mode })(n);
    const { bytes, floats } = await this.#composite.with({ mmapMode: mode })(n);
    await floats.close();
    return bytes;
  }

  async #read(wanted: Wanted, around: Patch): Promise<Outcome> {
    const array = await this.#mapped(wanted, 'r');
    try {
      return wrongUnless(await isArrayRight(array, wanted, around), 'range');
    } finally {
      await array.close();
    }
  }

  /** Writes the patch; `wanted` has it already. */
  async #write(wanted: Wanted, { start, length, value }: Patch): Promise<Outcome> {
    const array = await this.#mapped(wanted, 'r+');
    try {
      await array.set(new Array(length).fill(value), start);
      await array.flush();
      return wrongUnless(await isArrayRight(array, wanted, { start, length, value }), 'range written');
    } finally {
      await array.close();
    }
  }

  async #hold(wanted: Wanted): Promise<undefined> {
    this.#held.push({ wanted, array: await this.#mapped(wanted, 'r') });
    if (this.#held.length > MAX_HELD) await this.#held.shift()?.array.close();
  }

  async #reread(changed: ReadonlySet<number>): Promise<Outcome> {
    for (const { wanted, array } of this.#held) {
      const around = { start: Math.floor(array.length / 2), length: 1, value: 0 };
      try {
        if (!(await isArrayRight(array, wanted, around))) return { wrong: `held array of ${wanted.n}` };
      } catch (error) {
        const isAllowed = error instanceof ResultEvictedError && changed.has(wanted.n);
        if (!isAllowed) throw error;
      }
    }
    return {};
  }
}
