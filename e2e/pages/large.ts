/** Results of some GiB, stored, read back and sliced: `npm run large`. */
import { Memory } from 'keepsake';

const MIB = 2 ** 20;

/** Each MiB holds the number of its place. */
function filled(byteLength: number): Float64Array<ArrayBuffer> {
  const array = new Float64Array(byteLength / 8);
  for (let at = 0; at < array.length; at += MIB / 8) array.fill(at, at, at + MIB / 8);
  return array;
}

const isFilled = (array: Float64Array, byteLength: number): boolean => {
  if (array.byteLength !== byteLength) return false;
  for (let at = 0; at < array.length; at += MIB / 8) if (array[at] !== at) return false;
  return true;
};

export interface Outcome {
  readonly ms: number;
  readonly how: string;
}

/** @param sizes In bytes, of each array of the result. */
class LargeResult {
  readonly #memory: Memory;
  readonly #sizes: readonly number[];
  readonly #seen: string[] = [];

  constructor(name: string, sizes: readonly number[]) {
    this.#sizes = sizes;
    this.#memory = new Memory({ name, maxBytes: '16G', verify: 'off' });
    for (const kind of ['compute', 'hit', 'store', 'skip'] as const) {
      this.#memory.addEventListener(kind, ({ detail }) => {
        const error = 'error' in detail && detail.error ? ` (${detail.error})` : '';
        this.#seen.push(`${detail.kind} ${detail.reason}${error}`);
      });
    }
  }

  get #cached() {
    const compute = async (sizes: readonly number[]) => sizes.map(filled);
    return this.#memory.cache(compute, { id: 'large', captures: () => ({}) });
  }

  async #timed(work: () => Promise<boolean>): Promise<Outcome> {
    this.#seen.length = 0;
    const start = performance.now();
    const isRight = await work().catch((error: unknown) => `threw ${error}`);
    await this.#memory.flush();
    const how = [...this.#seen, ...(isRight === true ? [] : [`WRONG: ${isRight}`])].join(', ');
    return { ms: Math.round(performance.now() - start), how };
  }

  whole(): Promise<Outcome> {
    return this.#timed(async () => {
      const arrays = await this.#cached(this.#sizes);
      return arrays.every((array, at) => isFilled(array, this.#sizes[at] ?? 0));
    });
  }

  /** A MiB out of the middle of each array. */
  slice(): Promise<Outcome> {
    return this.#timed(async () => {
      const arrays = await this.#cached.with({ mmapMode: 'r' })(this.#sizes);
      for (const array of arrays) {
        const start = Math.floor(array.byteLength / 2 / MIB) * (MIB / 8);
        if ((await array.read(start, start + MIB / 8))[0] !== start) return false;
        await array.close();
      }
      return true;
    });
  }

  close(): Promise<void> {
    return this.#memory.close();
  }
}

const large = {
  open: (name: string, sizes: readonly number[]) => new LargeResult(name, sizes),
  clearOrigin: () => Memory.clearOrigin(),
};

declare global {
  interface Window {
    readonly large: typeof large;
    result: LargeResult;
  }
}

Object.assign(window, { large });
