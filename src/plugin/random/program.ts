import type { RandomSource } from './random-source.ts';

/** File name to source. `main.ts` holds the memoised functions. */
export type Program = ReadonlyMap<string, string>;

/** What a generated module offers: expressions of `x`, with the imports that they need. */
interface Offer {
  readonly imports: string;
  readonly expression: string;
}

interface GeneratedModule {
  readonly source: string;
  readonly offers: readonly Offer[];
  /** Statements with which `main.ts` changes the module's state when it is loaded. */
  readonly settings: readonly Offer[];
}

type Template = (
  name: string,
  number: () => number,
  inner: string,
) => { body: string; exports: Record<string, string>; settings?: Record<string, string> };

/** Kinds of module content. Each exports names with an expression that uses them; `@` is where the name goes. */
const templates: Readonly<Record<string, Template>> = {
  functions: (name, number, inner) => ({
    body: `const k = ${number()};\nconst unused = ${number()};\nfunction help(y: number) { const t = y * k; return t + ${number()}; }
export function ${name}(x: number): number { let s = ${number()}; for (let i = 0; i < ${number()} % 5; i++) { s = s + help(x + i); } return s + ${inner}; }
export function ${name}Other(x: number): number { return x - ${number()}; }`,
    exports: { [name]: '@(x)', [`${name}Other`]: '@(x)' },
  }),
  table: (name, number, inner) => ({
    body: `const table: number[] = [];\nconst size = ${number()};
function put(t: number[], v: number) { t.push(v + ${number()}); }
function fill() { for (let i = 0; i < size; i++) table.push(i * ${number()}); }
function more() { put(table, ${number()}); }
fill();
more();
table[1] = ${number()};
table.forEach((v, i) => { table[i] = v + ${number()}; });
console.log('ready', ${number()});
export function ${name}(x: number): number { return (table[Math.abs(x) % table.length] ?? ${number()}) + ${inner}; }`,
    exports: { [name]: '@(x)' },
  }),
  classes: (name, number, inner) => ({
    body: `class Base { start = ${number()}; base(x: number) { return x + this.start; } }
export class ${name} extends Base { static scale = ${number()}; #p = ${number()}; own = ${number()};
static { this.scale = this.scale + ${number()}; }
get twice() { return this.own * 2; }
run(x: number): number { return this.base(x) * ${name}.scale + this.#p + this.twice + ${inner}; }
other(): number { return ${number()}; } }
${name}.scale = ${name}.scale - ${number()};`,
    exports: { [name]: 'new @().run(x)' },
  }),
  prototypes: (name, number, inner) => ({
    body: `export function ${name}(this: any, n: number) { this.n = n; }
${name}.prototype.get = function (x: number) { return this.n * x + ${number()}; };
${name}.prototype.add = function (x: number) { return this.get(x) + ${number()} + ${inner}; };
Object.assign(${name}.prototype, { bias: ${number()} });`,
    exports: { [name]: `(new (@ as any)(${number()})).add(x)` },
  }),
  enums: (name, number, inner) => ({
    body: `export enum ${name} { A = ${number()}, B = A + ${number()}, C }
namespace Space { export const inside = ${number()}; export function f(y: number) { return y + inside; } }
export const ${name}Config = { a: ${number()}, b: { c: ${number()} } };
${name}Config.b.c = ${name}Config.a + ${number()};
let late = ${number()};
late = late * ${number()};
export function ${name}Read(x: number): number { return ${name}Config.b.c + late + Space.f(x) + ${inner}; }`,
    exports: { [name]: '(@.B + @.C + x)', [`${name}Config`]: '(@.b.c - x)', [`${name}Read`]: '@(x)' },
    settings: { [`${name}Config`]: `@.b.c = @.b.c + ${number()};` },
  }),
  registry: (name, number, inner) => ({
    body: `const registry = new Map<string, (x: number) => number>();
function register(key: string, fn: (x: number) => number) { registry.set(key, fn); }
export function ${name}Add(v: number) { register('b', (x) => x - v * ${number()}); }
register('a', (x) => x + ${number()});
register('b', (x) => x * ${number()} + ${inner});
const handlers = { one: (x: number) => x - ${number()}, two(x: number) { return x ^ ${number()}; } };
const { one, two: renamed } = handlers;
const [first, second = ${number()}] = [${number()}];
export const ${name} = (x: number): number => (registry.get(x % 2 === 0 ? 'a' : 'b')?.(x) ?? 0) + one(x) + renamed(x) + first + second;`,
    exports: { [name]: '@(x)' },
    settings: { [`${name}Add`]: `@(${number()});` },
  }),
  control: (name, number, inner) => ({
    body: `export default function (x: number): number { let r = ${number()}; outer: for (const v of [1, 2, ${number()}]) { switch ((v + x) % 3) { case 0: r = r + ${number()}; break; case 1: continue outer; default: r = r - v; } if (r > 500 && (x > 2 || r < ${number()})) break outer; } try { r = r + ${inner}; } catch { r = ${number()}; } return r; }
export const ${name}Tag = ((parts: TemplateStringsArray, v: number) => parts[0]!.length * v)\`ab\${${number()}}\`;`,
    exports: { default: '@(x)', [`${name}Tag`]: '(@ + x)' },
  }),
  globals: (name, number, inner) => ({
    body: `(globalThis as any).g_${name} = ${number()};
(globalThis as any).unused_${name} = ${number()};
(Number.prototype as any).plus_${name} = function (y: number) { return Number(this) + y + ${number()}; };
export function ${name}(x: number): number { return (globalThis as any).g_${name} + (x as any).plus_${name}(${number()}) + ${inner}; }`,
    exports: { [name]: '@(x)' },
  }),
};

const kinds = Object.keys(templates);

/** Generates a program of `size` modules, each of which uses some of the earlier ones, and a dozen functions on top. */
export function generateProgram(random: RandomSource, size: number): Program {
  const program = new Map<string, string>();
  const modules: GeneratedModule[] = [];
  for (let index = 0; index < size; index++) {
    const made = generateModule(random, index, modules);
    modules.push(made);
    program.set(`m${index}.ts`, made.source);
  }
  program.set('main.ts', generateMain(random, modules));
  return program;
}

function generateModule(
  random: RandomSource,
  index: number,
  earlier: readonly GeneratedModule[],
): GeneratedModule {
  const name = `n${index}`;
  if (index > 4 && random.next() < 0.15) return generateBarrel(random, index, earlier);
  const used = chosenOffers(random, earlier, random.integer(0, 3));
  const inner =
    used.length === 0 ? 'x' : used.map((offer) => offer.expression).join(random.pick([' + ', ' - ', ' ^ ']));
  const template = templates[random.pick(kinds)];
  if (!template) throw new RangeError('No template');
  const { body, exports, settings = {} } = template(name, () => random.integer(1, 40), `(${inner})`);
  const imports = [...new Set(used.map((offer) => offer.imports))].join('\n');
  const offers = Object.entries(exports).map(([exported, use]) => offerOf(random, { index, exported, use }));
  const changes = Object.entries(settings).map(([exported, use]) =>
    offerOf(random, { index, exported, use }),
  );
  return { source: `${imports}\n${body}\n`, offers, settings: changes };
}

/** Re-exports of an earlier module under other names, the whole of it with `export *`. */
function generateBarrel(
  random: RandomSource,
  index: number,
  earlier: readonly GeneratedModule[],
): GeneratedModule {
  const target = random.integer(0, earlier.length - 1);
  const from = earlier[target];
  const offers = (from?.offers ?? []).flatMap((offer) => {
    const name = /import \{ (n\w+) as \w+ \}/.exec(offer.imports)?.[1];
    return name === undefined
      ? []
      : [{ ...offer, imports: offer.imports.replace(/'\.\/m\d+'/, `'./m${index}'`) }];
  });
  return {
    source: `export * from './m${target}';\nexport const barrel${index} = ${random.integer(1, 9)};\n`,
    offers,
    settings: [],
  };
}

function offerOf(random: RandomSource, of: { index: number; exported: string; use: string }): Offer {
  const { index, exported, use } = of;
  const alias = `${exported === 'default' ? 'd' : exported}_${index}`;
  const path = `'./m${index}'`;
  const style = random.next();
  if (exported !== 'default' && style < 0.3) {
    return {
      imports: `import * as ns${index} from ${path};`,
      expression: use.replaceAll('@', `ns${index}.${exported}`),
    };
  }
  if (exported !== 'default' && style < 0.4) {
    const dynamic = `(ns${index} as any)['${exported}']`;
    return { imports: `import * as ns${index} from ${path};`, expression: use.replaceAll('@', dynamic) };
  }
  return {
    imports: `import { ${exported} as ${alias} } from ${path};`,
    expression: use.replaceAll('@', alias),
  };
}

function chosenOffers(random: RandomSource, modules: readonly GeneratedModule[], count: number): Offer[] {
  const all = modules.flatMap((each) => each.offers);
  return all.length === 0 ? [] : Array.from({ length: count }, () => random.pick(all));
}

function generateMain(random: RandomSource, modules: readonly GeneratedModule[]): string {
  const imports = new Set<string>(["import { Memory } from 'keepsake';"]);
  const functions = Array.from({ length: 12 }, (_, index) => {
    const used = chosenOffers(random, modules, random.integer(1, 3));
    for (const offer of used) imports.add(offer.imports);
    const sum = used.map((offer) => offer.expression).join(' + ');
    return `export const f${index} = memory.cache((x: number) => ${sum} + local(x) * ${random.integer(1, 9)});`;
  });
  const changes = modules.flatMap((each) => each.settings).filter(() => random.next() < 0.6);
  for (const change of changes) imports.add(change.imports);
  const statements = changes.map((change) => change.expression).join('\n');
  const local = `${statements}\nconst memory = new Memory();\nconst c = ${random.integer(1, 9)};\nfunction local(y: number) { return y + c; }`;
  return `${[...imports].join('\n')}\n${local}\n${functions.join('\n')}\n`;
}
