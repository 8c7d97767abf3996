import { type CachedFunction, MappedArray, Memory } from 'keepsake';
import type { CallArguments, Subject, Value } from './subject.ts';
import { computations, compute } from './values.ts';

/** Far above what the bench stores: nothing is to be evicted while it measures. */
const MAX_BYTES = '32G';

const nameOf = (count: number, label: string): string => `${label} ${count}`;
const hashed = (_argument: unknown): number => 0;

/** Keepsake with its default options. */
export class Keepsake implements Subject {
  #memory = new Memory({ storage: null });
  /** How many of the computations so far are committed. */
  #committed = 0;
  #waiting: PromiseWithResolvers<void> | undefined;
  #compute: CachedFunction<typeof compute> | undefined;
  #mapped: CachedFunction<typeof compute, 'r'> | undefined;
  #name: CachedFunction<typeof nameOf> | undefined;
  #hashed: CachedFunction<typeof hashed> | undefined;

  async open(store: string): Promise<void> {
    this.#memory = new Memory({ name: store, maxBytes: MAX_BYTES });
    this.#committed = computations.count;
    this.#memory.addEventListener('store', () => this.#noteCommit());
    this.#memory.addEventListener('skip', ({ detail }) =>
      this.#waiting?.reject(new Error(`A result was not stored: ${detail.reason}`)),
    );
    this.#compute = this.#memory.cache(compute, { id: 'compute' });
    this.#mapped = this.#memory.cache(compute, { id: 'compute', mmapMode: 'r' });
    this.#name = this.#memory.cache(nameOf, { id: 'name-of' });
    this.#hashed = this.#memory.cache(hashed, { id: 'hashed' });
  }

  call(args: CallArguments): Promise<Value> {
    return opened(this.#compute)(...args);
  }

  async ready(): Promise<void> {
    await this.#memory.storageStatus();
    await this.#memory.flush();
  }

  /** Resolves at the commit. flush() would also write what was counted meanwhile, which waits for idle seconds. */
  async stored(): Promise<void> {
    if (this.#committed === computations.count) return;
    this.#waiting = Promise.withResolvers();
    await this.#waiting.promise;
  }

  async forget(args: CallArguments): Promise<void> {
    await opened(this.#compute).delete(...args);
  }

  async clear(): Promise<void> {
    await this.#memory.clear();
  }

  async reduceSize(items: number): Promise<void> {
    await this.#memory.reduceSize({ items });
  }

  async callInto(args: CallArguments, into: Float32Array<ArrayBuffer>): Promise<void> {
    await opened(this.#compute).with({ into })(...args);
  }

  async slice(args: CallArguments, start: number, end: number): Promise<Float32Array> {
    const mapped = await this.#map(args);
    const slice = await mapped.read(start, end);
    await mapped.close();
    return slice;
  }

  async slices(args: CallArguments, starts: Uint32Array, length: number): Promise<void> {
    const mapped = await this.#map(args);
    const into = new Float32Array(length);
    for (const start of starts) mapped.readSync(start, start + length, into);
    await mapped.close();
  }

  /** checkCallInCache() of a call that is not there: the key, and one look into the catalog. */
  async hash(argument: unknown): Promise<void> {
    await opened(this.#hashed).checkCallInCache(argument);
  }

  async callPrimitive(value: number, label: string): Promise<number> {
    return (await opened(this.#name)(value, label)).length;
  }

  watchHits(): { readonly sources: readonly string[] } {
    const sources: string[] = [];
    this.#memory.addEventListener('hit', ({ detail }) => void sources.push(detail.reason));
    return { sources };
  }

  #noteCommit(): void {
    this.#committed += 1;
    if (this.#committed === computations.count) this.#waiting?.resolve();
  }

  async #map(args: CallArguments): Promise<MappedArray<Float32Array<ArrayBuffer>>> {
    const value = await opened(this.#mapped)(...args);
    if (value instanceof MappedArray) return value;
    throw new TypeError('Only arrays are mapped');
  }
}

function opened<T>(cached: T | undefined): T {
  if (cached === undefined) throw new TypeError('A subject opens before it is called');
  return cached;
}
