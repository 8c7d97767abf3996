/** Methods and their receivers. The programs are decorated, which vitest.config.ts lowers for browsers. */
import { afterAll, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { expectProgram, type Unkept } from '../testing/identity/expect-program.ts';
import { programs } from '../testing/identity/programs-with-decorators.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

/** One notice for each of a filter's two methods. */
const both = (what: string): RegExp[] =>
  ['run', 'aliased'].map((name) => new RegExp(`Filter.${name} is computed and not kept: ${what}`));

const unkept: Partial<Record<keyof typeof programs, Unkept>> = {
  'closures laid over instances': {
    computed: 6,
    notices: both(
      'this.kernel cannot be told: the function "", whose own captured values cannot be seen; if it',
    ),
  },
  'a method borrowed from another instance': {
    computed: 4,
    notices: both(
      'this.kernel cannot be told: an arrow function that reads the "this" of what surrounds it;',
    ),
  },
  'a bound method, and a built-in': {
    computed: 2,
    notices: both('this.kernel cannot be told: a bound or native function, whose code cannot be seen;'),
  },
  'classes of one factory': {
    computed: 4,
    notices: both(
      'this.constructor cannot be told: the class "Times", whose own captured values cannot be seen; give',
    ),
  },
  'a Proxy in place of the instance': {
    computed: 2,
    notices: both('this.kernel cannot be told: a method that a Proxy puts in place of another;'),
  },
  'private fields that nobody declares': {
    computed: 2,
    notices: [
      /Secret.run .* this cannot be told: an object that keeps state outside of its fields; say which/,
    ],
  },
  'private fields, compiled': { computed: 2, notices: [/Secret.run .* say which of its fields count/] },
  'private fields of a subclass': {
    computed: 4,
    notices: both('this cannot be told: an object that keeps state outside of its fields;'),
  },
  'an own member that cannot be told, left out': {
    computed: 1,
    notices: [/Filter.noticed .* this.onDone cannot be told: an arrow .* "ignore: \['this.onDone'\]"/],
  },
};

test.each(Object.entries(programs))('%s', async (name, program) => {
  // The names are those of the programs.
  await expectProgram(name, program, unkept[name as keyof typeof programs]);
});
