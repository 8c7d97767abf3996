/** Programs with wrapped functions: closures, captured values, receivers of plain functions. See program.ts. */
import type { FunctionFacts } from '../../fingerprint/fingerprint.ts';
import { codeRegistry } from '../../fingerprint/fingerprint.ts';
import { all, type Cache, type Program } from './program.ts';

type Number1 = (x: number) => Promise<number>;

/** What the build plugin would write, in short. */
const facts = (more: Partial<FunctionFacts> = {}): FunctionFacts => ({
  ...{ id: 'a.ts#f', fingerprint: 'F', params: ['x'] },
  ...more,
});
const partial = { flags: ['partial'] as const };

/** Two functions of one maker, each called. */
const two = (make: (k: number) => Number1): Promise<unknown[]> => {
  const [small, large] = [make(2), make(100)];
  return all(
    () => small(3),
    () => large(3),
  );
};

/** Captured values in a form that says nothing of them. */
const capturing =
  (captures: (k: number) => unknown): Program =>
  (memory) =>
    two((k) =>
      memory.cache(async (x: number) => x * k, {
        id: 'f',
        captures: () => captures(k) as Record<string, unknown>, // what callers without types may return
      }),
    );

class Gain {
  readonly #k: number;
  constructor(k: number) {
    this.#k = k;
  }
  get k(): number {
    return this.#k;
  }
}

const times = (k: number) => (x: number) => x * k;

/** Field functions over a private field, as classes have them in place of methods. */
const fieldFunctions =
  (options: { version?: number }, plugin?: FunctionFacts): Program =>
  (memory: Cache) => {
    class P {
      readonly #k: number;
      constructor(k: number) {
        this.#k = k;
      }
      run = memory.cache(async (x: number) => x * this.#k, { id: 'run', ...options }, plugin);
    }
    return two((k) => new P(k).run);
  };

export const programs = {
  'field functions over private fields': fieldFunctions({}),
  'field functions over private fields, with a version': fieldFunctions({ version: 1 }),
  'field functions over private fields, with partial facts': fieldFunctions({}, facts(partial)),
  'field functions over private fields, with partial facts and a version': fieldFunctions(
    { version: 1 },
    facts(partial),
  ),
  'field functions over private fields, which the plugin reads': (memory) => {
    class P {
      readonly #k: number;
      constructor(k: number) {
        this.#k = k;
      }
      run = memory.cache(
        async (x: number) => x * this.#k,
        { id: 'run' },
        facts({ captures: () => ({ 'this.#k': this.#k }) }),
      );
    }
    return two((k) => new P(k).run);
  },
  'field functions that call methods, whose object the plugin reads': (memory) => {
    class P {
      k: number;
      constructor(k: number) {
        this.k = k;
      }
      mul(x: number): number {
        return x * this.k;
      }
      other = memory.cache(async (x: number) => x, {}, facts({ id: 'a.ts#P.other' }));
      run = memory.cache(
        async (x: number) => this.mul(x),
        {},
        facts({ id: 'a.ts#P.run', fingerprint: 'R', captures: () => ({ this: this }) }),
      );
    }
    class Q extends P {
      w = 7;
      override mul(x: number): number {
        return x * this.w;
      }
    }
    const [small, large, other] = [new P(2), new P(100), new Q(2)];
    return all(
      () => small.run(3),
      () => large.run(3),
      () => other.run(3),
      () => {
        small.k = 5;
        other.w = 8;
      },
      () => small.run(3),
      () => other.run(3),
    );
  },
  'closures made one after the other, the first one stored': async (memory) => {
    const make = (k: number) => memory.cache(async (x: number) => x * k, { id: 'f' });
    const small = await make(2)(3);
    return [small, await make(100)(3)];
  },
  'closures over nothing': (memory) => two(() => memory.cache(async (x: number) => x * 2, { id: 'f' })),
  'closures with partial facts whose captures are declared': (memory) =>
    two((k) =>
      memory.cache(async (x: number) => x * k, { id: 'f', captures: () => ({ k }) }, facts(partial)),
    ),
  'one closure of a trusted version, wrapped twice': async (memory) => {
    const make = (log: string[]) =>
      memory.cache(
        async (x: number) => {
          log.push('run');
          return x * 2;
        },
        { id: 'f', version: 1, trustVersion: true },
      );
    return [await make([])(3), await make([])(3)];
  },
  'captures() that returns a Map': capturing((k) => new Map([['k', k]])),
  'captures() that returns a promise': capturing((k) => Promise.resolve({ k })),
  'captures() that returns an instance': capturing((k) => new Gain(k)),
  'captures() that returns what inherits': capturing((k) => Object.create({ k })),
  'captures() that returns nothing': capturing(() => undefined),
  'captures() that returns hidden members': capturing((k) =>
    Object.defineProperty({}, 'k', { value: k, enumerable: false }),
  ),
  'captures() that returns a member named by a symbol': capturing((k) => ({ [Symbol('k')]: k })),
  'captures() that throws': capturing(() => {
    throw new Error('not yet');
  }),
  'captures() that returns a plain object': capturing((k) => ({ k })),
  'captures() that returns an object without a prototype': capturing((k) =>
    Object.assign(Object.create(null), { k }),
  ),
  'a captured function that captures': (memory) =>
    two((k) => {
      const h = times(k);
      return memory.cache(async (x: number) => h(x), { id: 'f', captures: () => ({ h }) });
    }),
  'a captured function that captures, found by the plugin': (memory) =>
    two((k) => {
      const h = times(k);
      return memory.cache(async (x: number) => h(x), {}, facts({ captures: () => ({ h }) }));
    }),
  'a captured function that says all of itself': (memory) =>
    all(
      ...[(a: number) => a * 2, (a: number) => a * 100].map((h) => {
        const f = memory.cache(async (x: number) => h(x), { id: 'f', captures: () => ({ h }) });
        return () => f(3);
      }),
    ),
  'a captured function with members, and a class with statics': (memory) => {
    const make = (k: number) => {
      const h = Object.assign((a: number) => a * 2, { k });
      const C = class {
        static k = 1;
        static at(x: number): number {
          return x;
        }
      };
      C.k = k;
      const f = memory.cache(async (x: number) => h(x) * h.k, { id: 'f', captures: () => ({ h }) });
      const g = memory.cache(async (x: number) => C.at(x) * C.k, { id: 'g', captures: () => ({ C }) });
      return [f, g];
    };
    return all(...[...make(2), ...make(100)].map((f) => () => f(3)));
  },
  'functions and classes that capture each other': (memory) => {
    const make = (k: number) => {
      const h: { (a: number): number; other?: unknown; k?: number } = (a: number) => a * 2;
      const other = Object.assign((a: number) => a, { h, k });
      h.other = other;
      return memory.cache(async (x: number) => h(x) * other.k, { id: 'f', captures: () => ({ h }) });
    };
    return two(make);
  },
  'a captured function that the plugin knows': (memory) =>
    two((k) => {
      const h = times(k);
      codeRegistry().code.set(h, `times ${k}`);
      return memory.cache(async (x: number) => h(x), { id: 'f', captures: () => ({ h }) });
    }),
  'captured built-ins': (memory) =>
    all(
      ...[Math.sqrt, Math.abs, Array.prototype.indexOf, String.prototype.indexOf].map((h) => {
        const f = memory.cache(
          async (x: number) => (h as (this: unknown, x: unknown) => number).call([x], x),
          { id: 'f', captures: () => ({ h }) },
        );
        return () => f(9);
      }),
    ),
  'a captured callback, left out': (memory) => {
    const start = (id: string, onProgress: (share: number) => void) =>
      memory.cache(
        async (x: number) => {
          onProgress(0.5);
          return x * 2;
        },
        { id, ignore: ['onProgress'] },
        facts({ id, captures: () => ({ onProgress }) }),
      );
    const log: number[] = [];
    return all(
      () => start('f', (share) => log.push(share))(3),
      () => start('f', (share) => log.push(-share))(3),
    );
  },
  'a captured callback, left out without the plugin': (memory) => {
    const log: number[] = [];
    const onProgress = (share: number): void => void log.push(share);
    const f = memory.cache(
      async (x: number) => {
        onProgress(0.5);
        return x * 2;
      },
      { id: 'f', ignore: ['onProgress'] },
    );
    return all(
      () => f(3),
      () => f(3),
    );
  },
  'a captured node, left out by each cure': (memory) => {
    const node = document.createElement('canvas');
    const plugin = facts({ captures: () => ({ node, k: 2 }) });
    const run = async (x: number): Promise<number> => x * 2 + node.childElementCount;
    const cures = [
      { ignore: ['node'] },
      { captures: () => ({}) },
      { version: 1, trustVersion: true },
      { version: 2, ignore: ['node'] },
    ];
    return all(...cures.map((cure, at) => () => memory.cache(run, { id: `f${at}`, ...cure }, plugin)(3)));
  },
  'a captured node': (memory) => {
    const node = document.createElement('canvas');
    const f = memory.cache(
      async (x: number) => x + node.childElementCount,
      {},
      facts({ captures: () => ({ node }) }),
    );
    return all(
      () => f(3),
      () => f(3),
    );
  },
  'helpers in depends': (memory) =>
    all(
      ...[times(2), times(100)].map((h) => {
        const f = memory.cache(async (x: number) => h(x), { id: 'f', depends: [h] });
        return () => f(3);
      }),
    ),
  'a helper in depends that cannot be told': (memory) => {
    const h = times(2).bind(null);
    const f = memory.cache(async (x: number) => h(x), { id: 'f', depends: [h] });
    return all(() => f(3));
  },
  'key() that throws': (memory) => {
    const f = memory.cache(async (x: number) => x * 2, {
      id: 'f',
      key: (): never => {
        throw new Error('no key');
      },
    });
    return all(() => f(3));
  },
  'plain functions that read their receiver': (memory) => {
    const make = (k: number) => ({
      k,
      run: memory.cache(
        async function (this: { k: number }, x: number) {
          return x * this.k;
        },
        { id: 'o' },
      ),
    });
    const [small, large] = [make(2), make(100)];
    return all(
      () => small.run(3),
      () => large.run(3),
      () => small.run.call({ k: 7 }, 3),
      () => small.run.call(Object.create({ k: 8 }), 3),
    );
  },
  'a receiver with functions of its own': (memory) => {
    const make = (kernel: (x: number) => number) => ({
      kernel,
      run: memory.cache(
        async function (this: { kernel(x: number): number }, x: number) {
          return this.kernel(x);
        },
        { id: 'o' },
      ),
    });
    return all(
      () => make((x) => x * 2).run(3),
      () => make((x) => x * 100).run(3),
      () => make(times(7)).run(3),
      () => make(times(8)).run(3),
    );
  },
  'a receiver that cannot be told': (memory) => {
    const make = (k: number) => ({
      k,
      node: document.createElement('i'),
      run: memory.cache(
        async function (this: { k: number }, x: number) {
          return x * this.k;
        },
        { id: 'o' },
      ),
    });
    return all(
      () => make(2).run(3),
      () => make(100).run(3),
    );
  },
  'receivers that are no objects of classes': (memory) => {
    const count = memory.cache(
      async function (this: { length: number }) {
        return this.length;
      },
      { id: 'count' },
    );
    const held = new Gain(5);
    return all(
      () => count.call([1, 2]),
      () => count.call([1, 2, 3]),
      () => count.call('four'),
      () => count.call({ length: held.k }),
      () => count.call(new Uint8Array(6)),
    );
  },
  'an arrow function as a method': (memory) => {
    const make = (k: number) => ({
      k,
      run: memory.cache(async (x: number) => x * 2, { id: 'o' }),
    });
    return all(
      () => make(1).run(3),
      () => make(2).run(3),
    );
  },
} satisfies Record<string, Program>;
