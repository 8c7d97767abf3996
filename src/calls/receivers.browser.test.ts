import { afterAll, expect, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { programs } from '../testing/identity/programs-with-decorators.ts';
import { uncached } from '../testing/identity/program.ts';
import { type Run, runInFrame } from '../testing/identity/realm.ts';
import { freshName } from '../testing/memories.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const runner = new URL('../testing/identity/run-program.ts', import.meta.url);

test.each(Object.entries(programs))('%s', async (program, uncachedProgram) => {
  const name = freshName();
  const expected = await uncachedProgram(uncached);
  const first = await runInFrame<Run>(runner, name, program);
  const again = await runInFrame<Run>(runner, name, program);
  console.log(`@@ ${program} ${JSON.stringify(expected)} ${first.computed}/${first.hits.length} ${again.computed}/${again.hits.length} ${[...new Set(first.skips)]} ${first.notices.filter((n) => !n.includes('not seen')).join('|')}`);
  expect(first.values).toEqual(expected);
  expect(again.values).toEqual(expected);
});
