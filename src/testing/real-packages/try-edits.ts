import { RandomSource } from '../../plugin/random/random-source.ts';
import type { FunctionRun } from '../forms/runtime.ts';
import { editOne } from './edit.ts';
import { PackageProject } from './package-project.ts';
import type { PackageProgram } from './programs.ts';

/** What edits came to, counted by function: each edit is held against all functions of its program. */
export interface EditTally {
  edits: number;
  /** Results that an edit changed, and the keys that it changed. */
  changedResults: number;
  changedKeys: number;
  /** Keys that changed where no result on the inputs did. */
  spurious: number;
  /** Calls that are not kept at all. */
  unkept: number;
  readonly stale: string[];
}

export const emptyTally = (): EditTally => ({
  edits: 0,
  changedResults: 0,
  changedKeys: 0,
  spurious: 0,
  unkept: 0,
  stale: [],
});

/** Makes random edits in the sources of a program, and compares results and keys before and after each. */
export async function tryEdits(
  name: string,
  program: PackageProgram,
  options: { seed: number; edits: number },
): Promise<EditTally> {
  const random = new RandomSource(options.seed);
  const project = new PackageProject(program);
  const tally = emptyTally();
  try {
    const first = await project.run();
    if (!first) throw new Error(`The program of ${name} does not run`);
    const files = new Map(first.files.map((file) => [file, project.read(file)]));
    for (let tries = 0; tally.edits < options.edits && tries < options.edits * 20; tries++) {
      const edit = editOne(random, files);
      if (!edit) continue;
      project.write(edit.file, edit.source);
      const next = await project.run();
      project.write(edit.file, files.get(edit.file) ?? '');
      if (!next) continue;
      tally.edits++;
      for (const before of first.runs)
        compare(tally, {
          before,
          after: next.runs.find((run) => run.name === before.name),
          what: `${name} seed ${options.seed}: ${edit.file}: ${edit.what}`,
        });
    }
    return tally;
  } finally {
    project.remove();
  }
}

function compare(
  tally: EditTally,
  { before, after, what }: { before: FunctionRun; after: FunctionRun | undefined; what: string },
): void {
  if (!after) return;
  const isKept = before.call?.key !== undefined && after.call?.key !== undefined;
  const isChanged = before.result !== after.result;
  if (isChanged) tally.changedResults++;
  if (!isKept) {
    tally.unkept++;
    return;
  }
  const isMoved = before.call?.key !== after.call?.key;
  if (isMoved) tally.changedKeys++;
  if (isMoved && !isChanged) tally.spurious++;
  if (isChanged && !isMoved)
    tally.stale.push(`${what}: ${before.name} ${before.result.slice(0, 60)} -> ${after.result.slice(0, 60)}`);
}
