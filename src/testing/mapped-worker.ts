/** A dedicated worker that reads a mapped result synchronously, and says what it found. */
import { Memory } from '../memory/memory.ts';

export interface MappedWorkerReport {
  readonly steps: readonly string[];
  readonly error?: string;
}

const MIB = 2 ** 20;
const LENGTH = (3.5 * MIB) / 8;

const ramp = (length: number): Float64Array => Float64Array.from({ length }, (_, at) => at / 3);

const isSame = (found: Float64Array, start: number): boolean =>
  found.every((value, at) => value === (start + at) / 3);

async function run(name: string): Promise<string[]> {
  const steps: string[] = [];
  const check = (step: string, isRight: boolean): void => void steps.push(`${step}: ${isRight}`);
  const memory = new Memory({ name });
  const cached = memory.cache(ramp, { id: 'ramp', captures: () => ({}) });
  for (const length of [10, 10_000, LENGTH]) {
    const array = await cached.with({ mmapMode: 'r+' })(length);
    const whole = array.readSync();
    check(`${length} whole`, whole.length === length && isSame(whole, 0));
    const start = Math.floor(length / 2);
    const into = new Float64Array(5);
    check(`${length} into`, array.readSync(start, start + 5, into) === into && isSame(into, start));
    await array.set([-1], -1);
    check(`${length} written`, array.readSync(-1)[0] === -1);
    await array.flush();
    check(`${length} flushed`, array.readSync(-2)[1] === -1);
    // Handles that nobody holds are closed by then.
    if (length === LENGTH) await new Promise((resolve) => setTimeout(resolve, 5_500));
    check(`${length} later`, array.readSync(-1)[0] === -1 && isSame(array.readSync(0, 9), 0));
    await array.close();
  }
  const filled = new Float64Array(LENGTH);
  check('into', (await cached.with({ into: filled })(LENGTH)) === filled && filled.at(-1) === -1);
  await memory.close();
  return steps;
}

self.onmessage = async ({ data }: MessageEvent<string>) => {
  const report: MappedWorkerReport = await run(data).then(
    (steps) => ({ steps }),
    (error: unknown) => ({ steps: [], error: String(error) }),
  );
  self.postMessage(report);
};
