/** Opens a memory whose storage was damaged, uses it in every way, and says what was not as it must be. */
import { Memory } from '../../memory/memory.ts';
import { portWorker } from '../blob-stores/port-worker.ts';
import { watch } from '../memories.ts';
import { audit } from '../soak/audit.ts';
import { isFirstBuffer, isPacked, isVaried, variedCalls } from '../varied.ts';
import type { Mutant, Pick } from './mutations.ts';

export interface MutantOutcome {
  /** Misses of the damaged memory, by reason. */
  readonly misses: readonly string[];
  readonly hits: number;
  readonly wrong: readonly string[];
}

/** Nothing takes so long, on the slowest machine. */
const HANG_MS = 60_000;

/** Misses that damage may lead to. */
const mayMiss: ReadonlySet<string> = new Set(['damaged', 'format']);

/** Order of the calls, and which verbs come before them. */
const shuffled = (calls: number, pick: Pick): number[] => {
  const order = Array.from({ length: calls }, (_, x) => x);
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = pick(at + 1);
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  return order;
};

class MutantRun {
  readonly #mutant: Mutant;
  readonly #pick: Pick;
  readonly #calls: number;
  readonly wrong: string[] = [];
  misses: string[] = [];
  #damagedReads = 0;
  hits = 0;

  constructor(mutant: Mutant, calls: number, pick: Pick) {
    this.#mutant = mutant;
    this.#calls = calls;
    this.#pick = pick;
  }

  async run(): Promise<void> {
    const name = this.#mutant.snapshot.memory;
    await this.#attempt('use', () => this.#useDamaged(name));
    await this.#attempt('later use', () => this.#useMended(name));
    await this.#attempt('sweep', () => this.#sweep(name));
  }

  /** Every call gives the right value; what misses says why. */
  async #useDamaged(name: string): Promise<void> {
    const isTierOff = this.#pick(2) === 0;
    const watched = watch(
      new Memory({ name, workerFactory: portWorker, ...(isTierOff && { memoryTierBytes: 0 }) }),
    );
    const { memory } = watched;
    const f = variedCalls(memory);
    // Reads go through the storage worker from the first one on.
    if (this.#pick(2) === 0) await memory.storageStatus();
    for (let left = this.#pick(3); left > 0; left -= 1) await this.#useVerb(memory, f);
    const order = shuffled(this.#calls, this.#pick);
    if (this.#pick(2) === 0) await Promise.all(order.map((x) => this.#call(f, x)));
    else for (const x of order) await this.#call(f, x);
    await memory.flush();
    for (let left = this.#pick(2); left > 0; left -= 1) await this.#useVerb(memory, f);
    await memory.close();
    this.misses = watched.reasons('miss');
    this.hits = watched.reasons('hit').length;
    const isGone = this.#mutant.mutations.some(({ isRecordGone }) => isRecordGone);
    // A later reader that finds damage has the entry removed.
    const mayBeAbsent = isGone || this.#damagedReads > 0;
    for (const reason of this.misses) {
      if (!mayMiss.has(reason) && !(mayBeAbsent && reason === 'absent'))
        this.wrong.push(`a miss is ${reason}`);
    }
    // Where the epochs themselves are damaged and counted anew, what began before looks cleared.
    const mayBeCleared = this.#mutant.mutations.length > 1;
    for (const reason of watched.reasons('skip')) {
      if (!(mayBeCleared && reason === 'cleared')) this.wrong.push(`a value was not kept: ${reason}`);
    }
  }

  /**
   * What was damaged was computed anew and stored: a later page has hits alone. Where the count of a file's live bytes
   * is lost as well as entries in it, the file may go with what was stored in it since, and that is computed once more.
   */
  async #useMended(name: string): Promise<void> {
    const watched = watch(new Memory({ name, workerFactory: portWorker, memoryTierBytes: 0 }));
    const isAlone = this.#mutant.mutations.length === 1;
    const f = variedCalls(watched.memory, (x) => {
      if (isAlone) this.wrong.push(`${x} was computed again by a later page`);
    });
    for (let x = 0; x < this.#calls; x += 1) await this.#call(f, x);
    await watched.memory.close();
  }

  async #call(f: ReturnType<typeof variedCalls>, x: number): Promise<void> {
    try {
      const value = await f(x)(x);
      if (!isVaried(value, x)) this.wrong.push(`the value of ${x} is ${JSON.stringify(value).slice(0, 80)}`);
    } catch (error) {
      this.wrong.push(`the call of ${x} threw ${String(error)}`);
    }
  }

  /** Verbs that must not stumble over damage, whatever they find. */
  async #useVerb(memory: Memory, f: ReturnType<typeof variedCalls>): Promise<void> {
    const x = this.#pick(this.#calls);
    const verbs: readonly (() => Promise<unknown>)[] = [
      () => Array.fromAsync(memory.entries()),
      () => Array.fromAsync(memory.entries({ tag: `x${x}` })),
      () => Array.fromAsync(f(x).entries()),
      () => memory.functions(),
      () => memory.stats(),
      () => f(x).explain(x),
      () => f(x).checkCallInCache(x),
      () => memory.reduceSize({ items: 1_000 }),
      () => this.#shelve(f, x),
      () => this.#map(f, x),
    ];
    const at = this.#pick(verbs.length);
    await this.#attempt(`verb ${at}`, async () => void (await verbs[at]?.()));
  }

  async #shelve(f: ReturnType<typeof variedCalls>, x: number): Promise<void> {
    const shelved = await f(x).callAndShelve(x);
    const value = await shelved.get().catch((error: unknown) => this.#mayFail(error));
    if (value !== undefined && !isVaried(value, x)) this.wrong.push(`the shelved value of ${x}`);
  }

  async #map(f: ReturnType<typeof variedCalls>, x: number): Promise<void> {
    if (isPacked(x)) return;
    const { one } = await f(x).with({ mmapMode: 'r' })(x);
    const bytes = await one.read().catch((error: unknown) => this.#mayFail(error));
    await one.close();
    if (bytes !== undefined && !isFirstBuffer(bytes, x)) this.wrong.push(`the mapped value of ${x}`);
  }

  /** Who reads later than the call learns by an error that what it was given is damaged. */
  #mayFail(error: unknown): undefined {
    const { name } = error as Error; // what this library throws
    if (name === 'DamagedEntryError') this.#damagedReads += 1;
    if (name !== 'DamagedEntryError' && name !== 'ResultEvictedError')
      this.wrong.push(`reading threw ${String(error)}`);
  }

  /** No file is left that no record names, and the totals are those of the entries. */
  async #sweep(name: string): Promise<void> {
    const { entries, wrong } = await audit(name);
    this.wrong.push(...wrong);
    // Much damage at once may cancel out in the counts that a sweep compares.
    if (entries !== this.#calls && this.#mutant.mutations.length === 1)
      this.wrong.push(`${entries} entries are stored`);
  }

  async #attempt(what: string, work: () => Promise<void>): Promise<void> {
    const hang = Promise.withResolvers<string>();
    const timer = setTimeout(() => hang.resolve(`${what} hangs`), HANG_MS);
    const failed = work().then(
      () => undefined,
      (error: unknown) => `${what} threw ${String(error)} ${(error as Error).stack?.split('\n')[1] ?? ''}`,
    );
    const outcome = await Promise.race([failed, hang.promise]);
    clearTimeout(timer);
    if (outcome !== undefined) this.wrong.push(outcome);
  }
}

/** `calls`: how many arguments the memory knows. */
export async function runMutant(mutant: Mutant, calls: number, pick: Pick): Promise<MutantOutcome> {
  const run = new MutantRun(mutant, calls, pick);
  await run.run();
  const { misses, hits, wrong } = run;
  return { misses, hits, wrong };
}
