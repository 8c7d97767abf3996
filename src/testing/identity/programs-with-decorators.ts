/** Programs with cached methods. Each answers as the same program does whose `cache` does nothing. */
import { all, type Cache, type Program } from './program.ts';

/** The first class of most programs: a method that works through members of its receiver. */
function filters(memory: Cache) {
  return class Filter {
    gain = 1;
    static K = 1;
    @memory.cache({
      id: 'Filter.run',
      captures(this: { gain: number }) {
        return { gain: this.gain };
      },
    })
    async run(x: number): Promise<number> {
      return this.kernel(x) * this.gain * this.scale;
    }
    @memory.cache({ id: 'Filter.aliased' })
    async aliased(x: number): Promise<number> {
      return this.kernel(x) * this.gain * this.scale;
    }
    @memory.cache({ id: 'Filter.ofClass' })
    static async ofClass(x: number): Promise<number> {
      return x * this.K * this.factor();
    }
    kernel(x: number): number {
      return x;
    }
    get scale(): number {
      return 1;
    }
    static factor(): number {
      return 1;
    }
  };
}

/** Both methods of each filter. */
const runs = (filters: readonly { run(x: number): unknown; aliased(x: number): unknown }[]) =>
  all(...filters.flatMap((filter) => [() => filter.run(3), () => filter.aliased(3)]));

export const programs = {
  'overridden methods': (memory) => {
    const Filter = filters(memory);
    class Gauss extends Filter {
      override kernel(x: number): number {
        return x * 2;
      }
    }
    class Box extends Filter {
      override kernel(x: number): number {
        return x * 100;
      }
    }
    return runs([new Filter(), new Gauss(), new Box()]);
  },
  'overridden getters and setters': (memory) => {
    const Filter = filters(memory);
    class Twice extends Filter {
      override get scale(): number {
        return 2;
      }
    }
    class Stored extends Filter {
      level = 5;
      override get scale(): number {
        return this.level;
      }
      override set scale(level: number) {
        this.level = level;
      }
    }
    const louder = new Stored();
    louder.scale = 7;
    return runs([new Filter(), new Twice(), new Stored(), louder]);
  },
  'an override three classes down, and super': (memory) => {
    const Filter = filters(memory);
    class Gauss extends Filter {
      override kernel(x: number): number {
        return super.kernel(x) * 2;
      }
    }
    class Wide extends Gauss {}
    class Wider extends Wide {
      override kernel(x: number): number {
        return super.kernel(x) + 1;
      }
    }
    return runs([new Gauss(), new Wide(), new Wider()]);
  },
  'fields that only an override reads': (memory) => {
    const Filter = filters(memory);
    class Sized extends Filter {
      readonly width: number;
      constructor(width: number) {
        super();
        this.width = width;
      }
      override kernel(x: number): number {
        return x * this.width;
      }
    }
    return runs([new Sized(2), new Sized(100)]);
  },
  'overridden fields that hold functions': (memory) => {
    const Filter = filters(memory);
    class Field extends Filter {
      override kernel = (x: number): number => x * 5;
    }
    class Other extends Filter {
      override kernel = (x: number): number => x * 6;
    }
    return runs([new Filter(), new Field(), new Field(), new Other()]);
  },
  'static methods': (memory) => {
    const Filter = filters(memory);
    class Five extends Filter {
      static override K = 5;
    }
    class Tripled extends Filter {
      static override factor(): number {
        return 3;
      }
    }
    return all(...[Filter, Five, Tripled].map((each) => () => each.ofClass(3)));
  },
  'a static that changes': async (memory) => {
    const Filter = filters(memory);
    const before = await Filter.ofClass(3);
    Filter.K = 4;
    return [before, await Filter.ofClass(3)];
  },
  'statics that an instance reads': (memory) => {
    class Filter {
      static K = 1;
      @memory.cache({ id: 'Filter.run', captures: () => ({}) })
      async run(x: number): Promise<number> {
        return x * (this.constructor as typeof Filter).K;
      }
    }
    class Five extends Filter {
      static override K = 5;
    }
    const [one, five] = [new Filter(), new Five()];
    return all(
      () => one.run(3),
      () => five.run(3),
      () => {
        Five.K = 6;
      },
      () => five.run(3),
    );
  },
  'methods laid over an instance': (memory) => {
    const Filter = filters(memory);
    const [arrow, plain, accessor, assigned] = [new Filter(), new Filter(), new Filter(), new Filter()];
    arrow.kernel = (x) => x * 7;
    plain.kernel = function (x) {
      return x * 8 * this.gain;
    };
    Object.defineProperty(accessor, 'scale', { get: () => 9 });
    Object.assign(assigned, { kernel: (x: number) => x * 11 });
    return runs([new Filter(), arrow, plain, accessor, assigned]);
  },
  'closures laid over instances': (memory) => {
    const Filter = filters(memory);
    const times = (k: number) => (x: number) => x * k;
    const [seven, nine] = [new Filter(), new Filter()];
    seven.kernel = times(7);
    nine.kernel = times(9);
    return runs([seven, nine, seven]);
  },
  'a method borrowed from another instance': (memory) => {
    const Filter = filters(memory);
    class Leveled extends Filter {
      level = 2;
      override kernel = (x: number): number => x * this.level;
    }
    const [two, borrowed] = [new Leveled(), new Leveled()];
    const hundred = new Leveled();
    hundred.level = 100;
    borrowed.kernel = hundred.kernel;
    return runs([two, borrowed]);
  },
  'a bound method, and a built-in': (memory) => {
    const Filter = filters(memory);
    const [bound, builtIn, other] = [new Filter(), new Filter(), new Filter()];
    const source = { k: 6, kernel: (_x: number) => 0 };
    source.kernel = function (this: typeof source, x: number) {
      return x * this.k;
    };
    bound.kernel = source.kernel.bind(source);
    builtIn.kernel = Math.abs;
    other.kernel = Math.sqrt;
    return runs([bound, builtIn, other]);
  },
  'a prototype that is patched between the calls': (memory) => {
    const Filter = filters(memory);
    const filter = new Filter();
    return all(
      () => filter.run(3),
      () => {
        Filter.prototype.kernel = (x) => x * 9;
      },
      () => filter.run(3),
      () => {
        Object.defineProperty(Filter.prototype, 'scale', { get: () => 10 });
      },
      () => filter.run(3),
    );
  },
  'data on a prototype': (memory) => {
    class Filter {
      declare k: number;
      @memory.cache({ id: 'Filter.run' })
      async run(x: number): Promise<number> {
        return x * this.k;
      }
    }
    Filter.prototype.k = 2;
    const filter = new Filter();
    return all(
      () => filter.run(3),
      () => {
        Filter.prototype.k = 100;
      },
      () => filter.run(3),
    );
  },
  'receivers made by Object.create': (memory) => {
    const Filter = filters(memory);
    const [base, loud] = [new Filter(), new Filter()];
    loud.gain = 50;
    const overridden: InstanceType<typeof Filter> = Object.create(base, {
      kernel: { value: (x: number) => x * 4 },
    });
    return runs([base, Object.create(base), Object.create(loud), overridden]);
  },
  mixins: (memory) => {
    const Filter = filters(memory);
    const doubling = (Base: typeof Filter) =>
      class extends Base {
        override kernel(x: number): number {
          return super.kernel(x) * 2;
        }
      };
    const tripling = (Base: typeof Filter) =>
      class extends Base {
        override kernel(x: number): number {
          return super.kernel(x) * 3;
        }
      };
    return runs([new (doubling(Filter))(), new (tripling(Filter))(), new (tripling(doubling(Filter)))()]);
  },
  'classes of one factory': (memory) => {
    const Filter = filters(memory);
    const times = (k: number) =>
      class Times extends Filter {
        override kernel(x: number): number {
          return x * k;
        }
      };
    return runs([new (times(2))(), new (times(100))()]);
  },
  'a Proxy in place of the instance': (memory) => {
    const Filter = filters(memory);
    const instead = (name: string, value: unknown) =>
      new Proxy(new Filter(), {
        get: (target, key, receiver) => (key === name ? value : Reflect.get(target, key, receiver)),
      });
    return runs([new Filter(), instead('gain', 20), instead('kernel', (x: number) => x * 30)]);
  },
  'private fields that nobody declares': (memory) => {
    class Secret {
      readonly #k: number;
      constructor(k: number) {
        this.#k = k;
      }
      @memory.cache({ id: 'Secret.run' })
      async run(x: number): Promise<number> {
        return x * this.#k;
      }
    }
    return all(
      () => new Secret(2).run(3),
      () => new Secret(100).run(3),
    );
  },
  'private fields, compiled': (memory) => {
    const fields = new WeakMap<object, number>();
    class Secret {
      constructor(k: number) {
        fields.set(this, k);
      }
      @memory.cache({ id: 'Secret.run' })
      async run(x: number): Promise<number> {
        return x * (fields.get(this) ?? 0);
      }
    }
    return all(
      () => new Secret(2).run(3),
      () => new Secret(100).run(3),
    );
  },
  'private fields of a subclass': (memory) => {
    const Filter = filters(memory);
    class Secret extends Filter {
      readonly #k: number;
      constructor(k: number) {
        super();
        this.#k = k;
      }
      override kernel(x: number): number {
        return x * this.#k;
      }
    }
    return runs([new Secret(2), new Secret(100)]);
  },
  'a method named by a symbol, and one that reads no field': (memory) => {
    const name = Symbol.for('run');
    class Odd {
      k: number;
      constructor(k: number) {
        this.k = k;
      }
      @memory.cache({ id: 'Odd.symbol' })
      async [name](x: number): Promise<number> {
        return x * this.k;
      }
      @memory.cache({ id: 'Odd.plain' })
      async plain(x: number): Promise<number> {
        return x * 2;
      }
    }
    const [two, hundred] = [new Odd(2), new Odd(100)];
    return all(
      () => two[name](3),
      () => hundred[name](3),
      () => two.plain(3),
      () => hundred.plain(3),
    );
  },
  'an own member that cannot be told, left out': (memory) => {
    class Filter {
      gain = 2;
      onDone = (): number => this.gain;
      @memory.cache({ id: 'Filter.run', ignore: ['this.onDone'] })
      async run(x: number): Promise<number> {
        return x * this.gain;
      }
      @memory.cache({ id: 'Filter.trusted', version: 1, trustVersion: true })
      async trusted(x: number): Promise<number> {
        return x * 2;
      }
      @memory.cache({ id: 'Filter.noticed' })
      async noticed(x: number): Promise<number> {
        return x * this.gain;
      }
    }
    const filter = new Filter();
    return all(
      () => filter.run(3),
      () => filter.trusted(3),
      () => filter.noticed(3),
    );
  },
} satisfies Record<string, Program>;
