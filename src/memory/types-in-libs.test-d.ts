/** What callers see by type, whatever library they compile with. Compiled by types-in-libs.test.ts, never run. */
import { type MappedArray, Memory, type TypedArray } from '../index.ts';

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Compiles only where the type is not `any`. */
const typed = <T>(_value: T, _isAny: IsAny<T>): void => undefined;

const memory = new Memory({ mmapMode: 'r' });

export async function mapped(): Promise<void> {
  const cube = await memory.cache(async () => ({ data: new Float32Array(3), names: ['a'] }), {
    id: 'cube',
  })();
  typed(cube, false);
  typed(cube.data, false);
  const data: MappedArray<Float32Array> = cube.data;
  typed(await data.read(0, 1), false);
  const element: number = await data.at(0);
  const big: bigint = await (await memory.cache(() => new BigInt64Array(1), { id: 'big' })()).at(0);
  const names: string[] = cube.names;
  // @ts-expect-error: an array of numbers is none of texts
  const wrong: MappedArray<Float64Array> = cube.names;
  typed({ element, big, names, wrong }, false);
}

export const anyArray = (array: TypedArray): number => array.length;
// @ts-expect-error: no typed array
anyArray('text');

/** What can never be stored is told by type in each of them. */
export function refused(): void {
  const { cache } = memory;
  // @ts-expect-error: not callable
  void cache(() => () => 1)();
  // @ts-expect-error: not callable
  void cache(() => [1].values())();
  // @ts-expect-error: not callable
  void cache(() => [Promise.resolve(1)])();
  void cache(async function* () {
    yield 1;
  })();
  void cache(() => [new Map([['a', { at: 1 }]])])();
}
