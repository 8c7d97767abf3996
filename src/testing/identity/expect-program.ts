/** What every program has to show: the values of the uncached one, in the first page and in the second. */
import { expect } from 'vitest';
import { freshName } from '../memories.ts';
import { type Program, uncached } from './program.ts';
import { type Run, runInFrame } from './realm.ts';

/** What is not kept of a program. */
export interface Unkept {
  /** Calls that the second page computes, too. */
  readonly computed: number;
  /** Each console notice that says why, in order. */
  readonly notices: readonly RegExp[];
}

const runner = new URL('./run-program.ts', import.meta.url);

/** That edits are not seen is said of every function that only its source tells. */
const isOfSource = (notice: string): boolean => notice.includes('are not seen; use the build plugin');

export async function expectProgram(name: string, program: Program, unkept?: Unkept): Promise<void> {
  const memory = freshName();
  const expected = await program(uncached);
  for (const isFirst of [true, false]) {
    const { values, computed, notices } = await runInFrame<Run>(runner, memory, name);
    expect(values).toEqual(expected);
    if (!isFirst) expect(computed).toBe(unkept?.computed ?? 0);
    const told = notices.filter((notice) => !isOfSource(notice));
    expect(told).toEqual((unkept?.notices ?? []).map((notice) => expect.stringMatching(notice)));
  }
}
