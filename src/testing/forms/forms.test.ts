import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type BuiltForm, type FormFiles, runForm } from './run-form.ts';
import type { FormRun } from './runtime.ts';

/** A small program in a form that people write, and an edit of it; without edits, its `poke()` changes its state. */
interface Form {
  readonly title: string;
  readonly files: FormFiles;
  /** File, text, and what takes its place; a file of its own where there is no text. */
  readonly edits?: readonly (readonly [file: string, from: string | null, to: string])[];
  readonly call?: string;
  /** Whether the key must move (or the call not be kept), must stay, or may do either. */
  readonly expect: 'moves' | 'stays' | 'either';
}

function read(name: string): Form[] {
  const forms: Form[] = JSON.parse(readFileSync(new URL(`programs/${name}.json`, import.meta.url), 'utf8'));
  return forms;
}

const forms = ['changes-at-load', 'changes-while-running', 'unchanged'].flatMap(read);

function edited({ files, edits = [] }: Form): FormFiles {
  const next = { ...files };
  for (const [file, from, to] of edits) {
    const before = next[file] ?? '';
    if (from !== null && !before.includes(from)) throw new Error(`${file} does not hold ${from}`);
    next[file] = from === null ? to : before.replace(from, to);
  }
  return next;
}

/** The function's own key; undefined where its calls are not kept. */
function keyOf({ calls: [call] }: FormRun): string | undefined {
  if (!call || call.refusal === 'no facts') throw new Error('The plugin did not find the cached function');
  return call.key;
}

const isPartial = (run: FormRun): boolean => run.calls[0]?.isPartial === true;

async function beforeAndAfter(form: Form): Promise<{ built: BuiltForm; before: FormRun; after: FormRun }> {
  const call = form.call ?? '(f) => f(3)';
  const built = await runForm(form.files, call);
  const last = form.edits ? (await runForm(edited(form), call)).runs[0] : built.runs.at(-1);
  const [before] = built.runs;
  if (!before || !last) throw new Error('The program did not run');
  return { built, before, after: last };
}

test.each(forms)(
  'keys: $title',
  async (form) => {
    const { built, before, after } = await beforeAndAfter(form);
    const [was, is] = [keyOf(before), keyOf(after)];
    if (before.result !== after.result) {
      const isTold = was === undefined || is === undefined || isPartial(before) || isPartial(after);
      expect(isTold || was !== is).toBe(true);
      if (isPartial(before)) expect(built.warnings).not.toEqual([]);
    }
    if (form.expect === 'moves') expect(before.result).not.toBe(after.result);
    if (form.expect === 'stays') expect([is, is === undefined]).toEqual([was, false]);
    // Three equal calls are one computation, and the plugin changes no answer.
    expect(keyOf(built.runs[2] ?? before)).toBe(was);
    const bare = await runForm(form.files, form.call ?? '(f) => f(3)', { plugin: false });
    expect(bare.runs.map(({ result }) => result)).toEqual(built.runs.map(({ result }) => result));
  },
  60_000,
);
