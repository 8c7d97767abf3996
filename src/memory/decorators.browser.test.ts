/** @memory.cache on methods, in the syntax of TC39's proposal. vitest.config.ts lowers this file: browsers do not run the syntax yet. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import { freshMemory, reopen, type Watched } from '../testing/memories.ts';
import { Memory } from './memory.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

let watched: Watched;

beforeEach(() => {
  watched = freshMemory();
});

/** A module with decorated methods, as each page load evaluates it. */
function load(memory: Memory) {
  class Model {
    gain = 2;
    unrelated = 0;

    @memory.cache({
      id: 'Model.run',
      captures(this: Model) {
        return { gain: this.gain };
      },
      ignore: ['verbose'],
    })
    async run(x: number, verbose = false): Promise<Float64Array> {
      return new Float64Array(3).fill(x * this.#scaled() + Number(verbose && 0));
    }

    @memory.cache({ id: 'Model.sum', captures: () => ({}) })
    static async sum(...values: readonly number[]): Promise<number> {
      return values.reduce((a, b) => a + b, 0);
    }

    @memory.cache({ id: 'Model.odd', key: (x: number) => x % 2 })
    async 'odd name'(x: number): Promise<number> {
      return x;
    }

    #scaled(): number {
      return this.gain;
    }
  }
  return Model;
}

test('a decorated method keys on what it declares of this', async () => {
  const Model = load(watched.memory);
  const model = new Model();
  expect(await model.run(3)).toEqual(new Float64Array(3).fill(6));
  model.unrelated = 5;
  expect(await model.run(3)).toEqual(new Float64Array(3).fill(6));
  expect(await new Model().run(3, true)).toEqual(new Float64Array(3).fill(6));
  expect(watched.reasons('compute')).toHaveLength(1);
  model.gain = 5;
  expect(await model.run(3)).toEqual(new Float64Array(3).fill(15));
  expect(watched.reasons('compute')).toHaveLength(2);
});

test('its results survive the page', async () => {
  await new (load(watched.memory))().run(3);
  await watched.memory.close();
  const later = reopen(watched.memory);
  expect(await new (load(later.memory))().run(3)).toEqual(new Float64Array(3).fill(6));
  expect(later.reasons('hit')).toEqual(['storage']);
});

test('static methods, odd names and subclasses', async () => {
  const Model = load(watched.memory);
  expect([await Model.sum(1, 2, 3), await Model.sum(1, 2, 3)]).toEqual([6, 6]);
  const model = new Model();
  expect([await model['odd name'](1), await model['odd name'](3), await model['odd name'](2)]).toEqual([
    1, 1, 2,
  ]);
  class Louder extends Model {
    override gain = 10;
  }
  expect(await new Louder().run(1)).toEqual(new Float64Array(3).fill(10));
  expect(await model.run(1)).toEqual(new Float64Array(3).fill(2));
});

test('facts of the build plugin say what a bare decorator needs', async () => {
  const { memory, reasons } = watched;
  const facts: FunctionFacts = { id: 'a.ts#Model.run', fingerprint: 'F', params: ['x'], thisProps: ['gain'] };
  class Model {
    gain = 2;
    unrelated = 0;
    @memory.cache.meta(facts)
    async run(x: number): Promise<number> {
      return x * this.gain;
    }
    @memory.cache({ tags: ['t'] }, { ...facts, id: 'a.ts#Model.half' })
    async half(x: number): Promise<number> {
      return (x * this.gain) / 2;
    }
  }
  const model = new Model();
  expect([await model.run(3), await model.half(3)]).toEqual([6, 6]); // one fingerprint: the plugin says it is one code
  model.unrelated = 1;
  model.gain = 4;
  expect(await model.run(3)).toBe(12);
  expect(reasons('compute')).toHaveLength(2);
});

test('a bare decorator that declares nothing keys on all of its receiver', async () => {
  const { memory, reasons } = watched;
  class Bare {
    gain = 1;
    @memory.cache
    async run(x: number): Promise<number> {
      return x * this.gain;
    }
  }
  const bare = new Bare();
  expect([await bare.run(3), await new Bare().run(3)]).toEqual([3, 3]);
  bare.gain = 5;
  expect(await bare.run(3)).toBe(15);
  expect(reasons('compute')).toHaveLength(2);
});

test('what is no method is refused when the class is made', () => {
  const { memory } = watched;
  // As callers without types see it.
  const decorate = memory.cache as unknown as (value: unknown, context: unknown) => void;
  const decorateWith = memory.cache as unknown as (
    options: object,
  ) => (value: unknown, context: unknown) => void;
  expect(() => {
    class Mistaken {
      @decorateWith({ maxAge: 1 })
      async run(): Promise<number> {
        return 1;
      }
    }
    return Mistaken;
  }).toThrow(/no option "maxAge"/);
  expect(() => {
    class Accessor {
      @decorateWith({ id: 'value', captures: () => ({}) })
      get value(): number {
        return 1;
      }
    }
    return Accessor;
  }).toThrow(/decorates methods, not a getter/);
  expect(() => {
    class Field {
      @decorate
      field = 1;
    }
    return Field;
  }).toThrow(/decorates methods, not a field/);
});
