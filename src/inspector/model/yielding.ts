/** Long work over many rows, in slices: the page stays smooth meanwhile. */

/** Of a task; frames are to be drawn in between. */
const SLICE_MS = 8;

/** Gives way where the slice is used up. */
export class Slices {
  #start = performance.now();

  async next(signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#start < SLICE_MS) return;
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    });
    signal.throwIfAborted();
    this.#start = performance.now();
  }
}

/** Sorted in one go, in less than a slice. */
const RUN = 1_024;

async function merged<T>(
  runs: readonly [readonly T[], readonly T[]],
  compare: (a: T, b: T) => number,
  give: () => Promise<void>,
): Promise<T[]> {
  const [first, second] = runs;
  const out: T[] = [];
  for (let a = 0, b = 0; a < first.length || b < second.length; ) {
    const left = first[a];
    const right = second[b];
    const isLeft = b >= second.length || (a < first.length && compare(left as T, right as T) <= 0); // within the lengths
    out.push((isLeft ? left : right) as T);
    if (isLeft) a += 1;
    else b += 1;
    if (out.length % RUN === 0) await give();
  }
  return out;
}

/** A stable sort; rejects with the signal's reason. */
export async function sortedInSlices<T>(
  rows: readonly T[],
  compare: (a: T, b: T) => number,
  signal: AbortSignal,
): Promise<T[]> {
  const slices = new Slices();
  const give = (): Promise<void> => slices.next(signal);
  let runs: T[][] = [];
  for (let at = 0; at < rows.length; at += RUN) {
    runs.push(rows.slice(at, at + RUN).sort(compare));
    await give();
  }
  while (runs.length > 1) {
    const next: T[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      const [first = [], second] = [runs[at], runs[at + 1]];
      next.push(second ? await merged([first, second], compare, give) : first);
    }
    runs = next;
  }
  return runs[0] ?? [];
}

/** The rows that pass. */
export async function filteredInSlices<T>(
  rows: readonly T[],
  isWanted: (row: T) => boolean,
  signal: AbortSignal,
): Promise<T[]> {
  const slices = new Slices();
  const out: T[] = [];
  for (const [at, row] of rows.entries()) {
    if (isWanted(row)) out.push(row);
    if (at % RUN === 0) await slices.next(signal);
  }
  return out;
}
