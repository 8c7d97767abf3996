/** Writes random programs of classes and closures, as people write them. A seed decides each. */
import { RandomSource } from './random-source.ts';

/** How the functions of a program are identified. */
export type Mode = 'plugin' | 'plain';

/** One thing that a program can do: a call, or a change of what calls depend on. */
interface Step {
  readonly code: string;
  /** All that the call depends on is in its key, so that it hits when it comes again; undefined: no call. */
  readonly isTold?: boolean;
}

class ProgramText {
  readonly #random: RandomSource;
  readonly #mode: Mode;
  readonly #name: string;
  readonly #lines: string[] = [];
  readonly #steps: Step[] = [];
  /** Expressions of all that changes. */
  readonly #state: string[] = [];
  #count = 0;

  constructor(seed: number, mode: Mode) {
    this.#random = new RandomSource(seed);
    this.#mode = mode;
    this.#name = `p${seed}`;
  }

  write(): string {
    const parts = [
      () => this.#classes(),
      () => this.#closures(),
      () => this.#capturedLet(),
      () => this.#objects(),
      () => this.#privateFields(),
      () => this.#capturedFunctions(),
      () => this.#moduleState(),
    ];
    for (let left = 2 + this.#random.below(3); left > 0; left--) this.#random.pick(parts)();
    const steps = this.#steps.map(({ code, isTold }) => `{ isTold: ${isTold}, run: () => ${code} }`);
    return [
      `import { memory } from './memory.ts';`,
      ...this.#lines,
      `export const name = '${this.#name}';`,
      `export const steps = [${steps.join(',\n')}];`,
      `export const state = () => JSON.stringify([${this.#state.join(', ')}]);`,
    ].join('\n');
  }

  #fresh(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }

  #number(): number {
    return 2 + this.#random.below(40);
  }

  /** Options of a cached function; captured values are declared where nobody else sees them. */
  #options(id: string, captures?: string): string {
    const fields = [
      ...(this.#mode === 'plain' || this.#random.chance(30) ? [`id: '${this.#name}.${id}'`] : []),
      ...(captures === undefined ? [] : [`captures${captures}`]),
    ];
    return `{ ${fields.join(', ')} }`;
  }

  #call(code: string, isTold: boolean): void {
    this.#steps.push({ code: code.replace('$x', String(1 + this.#random.below(3))), isTold });
  }

  #change(code: string): void {
    this.#steps.push({ code: `void (${code})` });
  }

  /** A class with a cached method and a cached static, its subclasses, and instances of them all. */
  #classes(): void {
    const A = this.#fresh('A');
    const isDeclared = this.#random.chance(50);
    const declared = isDeclared ? '() { return { gain: this.gain }; }' : undefined;
    const run = this.#random.pick([
      'return this.kernel(x) * this.gain * this.scale;',
      'const me = this; return me.kernel(x) + me.gain * me.scale;',
      'return [x].map((each) => this.kernel(each) * this.gain)[0] + this.scale;',
    ]);
    this.#lines.push(`class ${A} {
  gain = ${this.#number()};
  static K = ${this.#number()};
  constructor(gain) { if (gain !== undefined) this.gain = gain; }
  @memory.cache(${this.#options(`${A}.run`, declared)})
  async run(x) { ${run} }
  @memory.cache(${this.#options(`${A}.stat`)})
  static async stat(x) { return x * this.K + this.factor(x); }
  kernel(x) { return x + ${this.#number()}; }
  get scale() { return ${this.#number()}; }
  static factor(x) { return x * ${this.#number()}; }
}`);
    this.#state.push(`${A}.K`);
    this.#change(`${A}.K = ${this.#number()}`);
    this.#call(`${A}.stat($x)`, true);
    this.#instance(A, true);
    if (this.#random.chance(60)) this.#instance(A, true);
    for (let left = 1 + this.#random.below(3); left > 0; left--) this.#subclass(A);
    if (this.#random.chance(30)) this.#factory(A);
    if (this.#random.chance(20)) this.#patch(A);
  }

  #subclass(A: string): void {
    const B = this.#fresh('B');
    const k = this.#number();
    const members = [
      `kernel(x) { return x * ${k}; }`,
      `kernel(x) { return super.kernel(x) + ${k}; }`,
      `get scale() { return ${k}; }`,
      `gain = ${k};`,
      `kernel = (x) => x - ${k};`,
      `width = ${k}; kernel(x) { return x * this.width; }`,
      `static K = ${k};`,
      `static factor(x) { return x - ${k}; }`,
      `#q = ${k}; kernel(x) { return x * this.#q; }`,
    ];
    const member = this.#random.pick(members);
    this.#lines.push(`class ${B} extends ${A} { ${member} }`);
    this.#instance(B, !member.includes('#q'));
    this.#state.push(`${B}.K`);
    this.#call(`${B}.stat($x)`, true);
    if (this.#random.chance(30)) this.#subclassOf(B, !member.includes('#q'));
  }

  #subclassOf(B: string, isTold: boolean): void {
    const C = this.#fresh('C');
    this.#lines.push(
      `class ${C} extends ${B} { kernel(x) { return super.kernel ? x + ${this.#number()} : x; } }`,
    );
    this.#instance(C, isTold);
  }

  #instance(A: string, isTold: boolean): void {
    const a = this.#fresh('a');
    this.#lines.push(`const ${a} = new ${A}(${this.#random.chance(50) ? this.#number() : ''});`);
    this.#state.push(`${a}.gain`, `String(Object.getOwnPropertyDescriptor(${a}, 'kernel')?.value)`);
    for (let left = 1 + this.#random.below(3); left > 0; left--) this.#call(`${a}.run($x)`, isTold);
    this.#change(`${a}.gain = ${this.#number()}`);
    if (this.#random.chance(25)) this.#change(`${a}.kernel = (x) => x * ${this.#number()}`);
    if (this.#random.chance(15)) this.#change(`delete ${a}.kernel`);
    if (this.#random.chance(15)) {
      const b = this.#fresh('b');
      this.#lines.push(
        `const ${b} = Object.create(${a}, { gain: { value: ${this.#number()}, writable: true } });`,
      );
      this.#call(`${b}.run($x)`, isTold);
    }
  }

  /** Classes of one source over different values. */
  #factory(A: string): void {
    const make = this.#fresh('make');
    this.#lines.push(`const ${make} = (k) => class extends ${A} { kernel(x) { return x * k; } };`);
    for (const k of [this.#number(), this.#number()]) {
      const a = this.#fresh('a');
      this.#lines.push(`const ${a} = new (${make}(${k}))();`);
      this.#call(`${a}.run($x)`, false);
    }
  }

  #patch(A: string): void {
    this.#state.push(`String(${A}.prototype.kernel)`);
    this.#change(`${A}.prototype.kernel = function (x) { return x - ${this.#number()} * this.gain; }`);
  }

  /** Functions of one maker over different values. */
  #closures(): void {
    const make = this.#fresh('make');
    const isDeclared = this.#random.chance(50);
    const isFactoryOfAsync = this.#random.chance(50) ? 'async ' : '';
    const options = this.#options(make, isDeclared ? ': () => ({ k })' : undefined);
    this.#lines.push(`const ${make} = (k) => memory.cache(${isFactoryOfAsync}(x) => x * k, ${options});`);
    for (const k of [this.#number(), this.#number()]) {
      const f = this.#fresh('f');
      this.#lines.push(`const ${f} = ${make}(${k});`);
      for (let left = 1 + this.#random.below(2); left > 0; left--)
        this.#call(`${f}($x)`, isDeclared || this.#mode === 'plugin');
    }
  }

  #capturedLet(): void {
    const panel = this.#fresh('panel');
    const captures =
      this.#mode === 'plain' || this.#random.chance(30) ? ': () => ({ n, s: slider.value })' : undefined;
    this.#lines.push(`const ${panel} = (() => {
  let n = ${this.#number()};
  const slider = { value: ${this.#number()} };
  const f = memory.cache(async (x) => x * n + slider.value, ${this.#options(panel, captures)});
  return { f, read: () => [n, slider.value], setN(v) { n = v; }, setValue(v) { slider.value = v; } };
})();`);
    this.#state.push(`${panel}.read()`);
    for (const set of ['setN', 'setValue']) this.#change(`${panel}.${set}(${this.#number()})`);
    for (let left = 2; left > 0; left--) this.#call(`${panel}.f($x)`, true);
  }

  /** Plain functions that read the object which they are called on. */
  #objects(): void {
    const make = this.#fresh('make');
    const extra = this.#random.pick([
      '',
      ' helper(x) { return x + this.k; },',
      ' nested: { deep: [k, k + 1] },',
    ]);
    const body = extra.includes('helper')
      ? 'this.helper(x)'
      : `x * this.k${extra && ' + this.nested.deep[0]'}`;
    this.#lines.push(`const ${make} = (k) => ({
  k,${extra}
  run: memory.cache(async function (x) { return ${body}; }, ${this.#options(make)}),
});`);
    const isTold = true;
    for (const k of [this.#number(), this.#number()]) {
      const o = this.#fresh('o');
      this.#lines.push(`const ${o} = ${make}(${k});`);
      this.#state.push(`${o}.k`);
      this.#change(`${o}.k = ${this.#number()}`);
      this.#call(`${o}.run($x)`, isTold);
      this.#call(`${o}.run.call({ ...${o}, k: ${this.#number()} }, $x)`, isTold);
    }
  }

  /** Field functions over a private field. */
  #privateFields(): void {
    const P = this.#fresh('P');
    this.#lines.push(`class ${P} {
  #k;
  constructor(k) { this.#k = k; }
  run = memory.cache(async (x) => x * this.#k, ${this.#options(`${P}.run`)});
  setK(k) { this.#k = k; }
  get k() { return this.#k; }
}`);
    for (const k of [this.#number(), this.#number()]) {
      const p = this.#fresh('p');
      this.#lines.push(`const ${p} = new ${P}(${k});`);
      this.#state.push(`${p}.k`);
      this.#change(`${p}.setK(${this.#number()})`);
      this.#call(`${p}.run($x)`, false);
    }
  }

  #capturedFunctions(): void {
    const make = this.#fresh('make');
    const isClosure = this.#random.chance(50);
    const helper = isClosure ? '((by) => (y) => y * by)(k)' : `(y) => y - ${this.#number()}`;
    const captures = this.#mode === 'plain' || this.#random.chance(50) ? ': () => ({ h })' : undefined;
    this.#lines.push(`const ${make} = (k) => {
  const h = ${helper};
  return memory.cache(async (x) => h(x), ${this.#options(make, captures)});
};`);
    for (const k of [this.#number(), this.#number()]) {
      const f = this.#fresh('f');
      this.#lines.push(`const ${f} = ${make}(${k});`);
      this.#call(`${f}($x)`, !isClosure);
    }
  }

  /** Module-level state, read directly and by a helper. */
  #moduleState(): void {
    const [m, h, f] = [this.#fresh('m'), this.#fresh('h'), this.#fresh('f')];
    const captures = this.#mode === 'plain' ? `: () => ({ ${m} })` : undefined;
    this.#lines.push(`let ${m} = ${this.#number()};
function ${h}(x) { return x * ${m}; }
const ${f} = memory.cache(async (x) => ${h}(x) + ${m}, ${this.#options(f, captures)});`);
    this.#state.push(m);
    this.#change(`${m} = ${this.#number()}`);
    for (let left = 2; left > 0; left--) this.#call(`${f}($x)`, true);
  }
}

/** The module of one program: `steps`, and `state()`, which says all that its calls depend on. */
export const programText = (seed: number, mode: Mode): string => new ProgramText(seed, mode).write();
