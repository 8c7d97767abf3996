/**
 * Stored results that are written to in place, as their callers see it: each flush writes the next generation into
 * every mark of an array, and no later reader may find two generations in one.
 */
import type { Memory } from 'keepsake';
import { bytesOf, isSame } from './bytes-of.ts';
import { report, type Written } from './kill-work.ts';

/** One that is written anew as a whole, one of which blocks are. */
const SIZES = [2_000_000, 9_500_000];

const marksOf = (byteLength: number): number[] => [0, Math.floor(byteLength / 2), byteLength - 4];

const generationAt = (bytes: Uint8Array, mark: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset + mark).getUint32(0, true);

const encoded = (generation: number): Uint8Array => new Uint8Array(new Uint32Array([generation]).buffer);

/** What an array of the generation holds. */
function arrayOf(array: number, generation: number): Uint8Array {
  const byteLength = SIZES[array] ?? 0;
  const bytes = bytesOf(array + 1, byteLength);
  for (const mark of marksOf(byteLength)) bytes.set(encoded(generation), mark);
  return bytes;
}

export class MappedWork {
  readonly #cached;

  constructor(memory: Memory) {
    this.#cached = memory.cache((array: number) => arrayOf(array, 0), {
      id: 'mapped',
      version: 1,
      captures: () => ({}),
    });
  }

  /** Each array: which generation it is of, and whether all of it is. */
  async verify(): Promise<Written[]> {
    const written: Written[] = [];
    for (const array of SIZES.keys()) {
      const found = await this.#cached(array);
      const generation = generationAt(found, 0);
      written.push({ array, generation, isRight: isSame(found, arrayOf(array, generation)) });
    }
    return written;
  }

  /** Writes generation after generation, and never ends. */
  work(): void {
    for (const array of SIZES.keys()) void this.#write(array);
  }

  async #write(array: number): Promise<never> {
    const mapped = await this.#cached.with({ mmapMode: 'r+' })(array);
    const [first = 0] = new Uint32Array((await mapped.read(0, 4)).buffer);
    for (let generation = first + 1; ; generation += 1) {
      await report('flushing', array, generation);
      for (const mark of marksOf(mapped.length)) await mapped.set(encoded(generation), mark);
      await mapped.flush();
      await report('flushed', array, generation);
    }
  }
}
