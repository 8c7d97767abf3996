/** One page load of a program: what it answers, and what of it was computed. Runs in a frame. */
import { Memory } from '../../memory/memory.ts';
import { watch } from '../memories.ts';
import { programs as closures } from './closure-programs.ts';
import type { Program } from './program.ts';
import { programs as receivers } from './programs-with-decorators.ts';
import type { Run } from './realm.ts';

const programs: Readonly<Record<string, Program>> = { ...closures, ...receivers };

export async function run(memoryName: string, program: string): Promise<Run> {
  const notices: string[] = [];
  for (const level of ['info', 'warn', 'error'] as const)
    console[level] = (text: unknown) => void notices.push(String(text));
  const { memory, reasons } = watch(new Memory({ name: memoryName }));
  const values = await programs[program]?.(memory);
  await memory.close();
  return {
    values: values ?? [],
    computed: reasons('compute').length,
    hits: reasons('hit'),
    skips: reasons('skip'),
    notices,
  };
}
