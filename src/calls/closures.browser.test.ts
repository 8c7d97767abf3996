/** Wrapped functions: closures, captured values, and receivers of plain functions. */
import { afterAll, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { programs } from '../testing/identity/closure-programs.ts';
import { expectProgram, type Unkept } from '../testing/identity/expect-program.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const ambiguous: Unkept = {
  computed: 2,
  notices: [
    /Two functions with the id "\w+" and the same source .* declare what they capture with "captures:/,
  ],
};

const notPlain: Unkept = {
  computed: 2,
  notices: [
    /f is computed and not kept: captures cannot be told: captures\(\) returned something else than a pl/,
  ],
};

const untold = (computed: number, notice: RegExp): Unkept => ({ computed, notices: [notice] });

const unkept: Partial<Record<keyof typeof programs, Unkept>> = {
  'field functions over private fields': ambiguous,
  'field functions over private fields, with a version': ambiguous,
  'field functions over private fields, with partial facts': ambiguous,
  'field functions over private fields, with partial facts and a version': ambiguous,
  'closures made one after the other, the first one stored': ambiguous,
  'closures with partial facts whose captures are declared': { computed: 2, notices: [] },
  'captures() that returns a Map': notPlain,
  'captures() that returns a promise': notPlain,
  'captures() that returns an instance': notPlain,
  'captures() that returns what inherits': notPlain,
  'captures() that returns nothing': notPlain,
  'captures() that returns hidden members': notPlain,
  'captures() that returns a member named by a symbol': notPlain,
  'captures() that throws': untold(2, /captures cannot be told: reading it threw "Error: not yet"/),
  'a captured function that captures': untold(
    2,
    /captures.h cannot be told: .* own captured values cannot be/,
  ),
  'a captured function that captures, found by the plugin': untold(
    2,
    /a.ts#f .* captures.h cannot be told: .* "ignore: \['h'\]"; or give a "version" with "trustVersion: true"/,
  ),
  'a captured node': untold(2, /captures.node cannot be told: a HTMLCanvasElement; .* "ignore: \['node'\]"/),
  'helpers in depends': untold(2, /depends\[0\] cannot be told: one of two functions with the same source/),
  'a helper in depends that cannot be told': untold(
    1,
    /depends\[0\] cannot be told: a bound or native function/,
  ),
  'key() that throws': untold(1, /Cannot hash key\(\): reading it threw "Error: no key"/),
  'a receiver with functions of its own': untold(
    2,
    /o is .* this.kernel cannot be told: the function "", whose own captured values cannot be seen/,
  ),
  'a receiver that cannot be told': untold(2, /this.node cannot be told: a HTMLElement; .*'this.node'/),
};

test.each(Object.entries(programs))('%s', async (name, program) => {
  // The names are those of the programs.
  await expectProgram(name, program, unkept[name as keyof typeof programs]);
});
