/** Random uses of a memory, against a model: what a function gives for its arguments, at all times. */
import type { Memory } from '../../memory/memory.ts';

class OwnError extends Error {}

/** Arguments whose call throws. */
const THROWS = 5;

export function model(x: number, size: number): { x: number; bytes: Uint8Array<ArrayBuffer> } {
  if (x === THROWS) throw new OwnError('as the function throws it');
  return { x, bytes: new Uint8Array(size).fill(x + 1) };
}

const isRight = (value: ReturnType<typeof model>, x: number, size: number): boolean =>
  value.x === x && value.bytes.byteLength === size && value.bytes.every((byte) => byte === x + 1);

export const cachedModel = (memory: Memory) => memory.cache(model, { id: 'model', captures: () => ({}) });

/** One call; what is not as the model says goes to `wrong`. */
export async function callModel(memory: Memory, x: number, size: number, wrong: string[]): Promise<void> {
  try {
    const value = await cachedModel(memory)(x, size);
    if (!isRight(value, x, size)) wrong.push(`value of (${x}, ${size})`);
  } catch (error) {
    if (!(error instanceof OwnError && x === THROWS)) wrong.push(`call (${x}, ${size}): ${String(error)}`);
  }
}

/** One use at random. */
export async function step(
  memory: Memory,
  sizes: readonly number[],
  pick: (limit: number) => number,
  wrong: string[],
): Promise<void> {
  const f = cachedModel(memory);
  const [x, size] = [pick(THROWS + 1), sizes[pick(sizes.length)] ?? 0];
  const call = (): Promise<void> => callModel(memory, x, size, wrong);
  const verbs: readonly (() => Promise<unknown>)[] = [
    call,
    call,
    call,
    () => Promise.all([call(), call(), call()]),
    () => f.checkCallInCache(x, size),
    // Only calls must not fail: the others say so when they could not do what they were asked.
    () => f.delete(x, size).catch(() => undefined),
    () => memory.clear().catch(() => undefined),
    () => memory.reduceSize({ items: 2 }).catch(() => undefined),
    () => memory.flush(),
  ];
  await verbs[pick(verbs.length)]?.();
}
