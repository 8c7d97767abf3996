/** A short readable text of arguments: what was this entry computed from? Bounded in length and in work. */
import { describe } from './describe.ts';
import { kindOf, visit } from './kind-of.ts';
import { typedArrayName } from './kinds/binary.ts';
import { mapItems, setItems } from './kinds/collections.ts';
import { regexpParts, unbox } from './kinds/text-like.ts';
import type { TypedArray, ValueVisitor } from './value-kind.ts';

const longestPreview = 1024;
const longestText = 80;
const shownMembers = 8;
const shownElements = 4;
const deepest = 4;
/** Collections larger than this are told by size: looking inside would copy them. */
const openedSize = 64;

/** How far the text has come. */
class Budget {
  #left = longestPreview - 64;
  depth = 0;

  take(text: string): string {
    this.#left -= text.length;
    return text;
  }

  get isSpent(): boolean {
    return this.#left <= 0 || this.depth > deepest;
  }
}

const quote = (text: string): string =>
  JSON.stringify(text.length > longestText ? `${text.slice(0, longestText)}…` : text);

/** Members between brackets; `count` is how many there are in all. */
function list(budget: Budget, members: Iterable<() => string>, count: number): string {
  const shown: string[] = [];
  budget.depth++;
  for (const member of members) {
    if (budget.isSpent || shown.length === shownMembers) break;
    shown.push(member());
  }
  budget.depth--;
  return (shown.length < count ? [...shown, '…'] : shown).join(', ');
}

/** Up to one name more than is shown, without listing the rest. */
function firstNames(value: object): string[] {
  const names: string[] = [];
  for (const name in value) {
    if (Object.hasOwn(value, name)) names.push(name);
    if (names.length > shownMembers) break;
  }
  return names;
}

/** A member's text; accessors are not evaluated. */
function member(budget: Budget, value: object, name: string): string {
  const descriptor = Object.getOwnPropertyDescriptor(value, name);
  const key = budget.take(/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : quote(name));
  return `${key.slice(0, longestText)}: ${descriptor && 'value' in descriptor ? preview(budget, descriptor.value) : '(…)'}`;
}

function fields(budget: Budget, value: object): string {
  const names = firstNames(value);
  if (names.length === 0) return '{}';
  return `{ ${list(
    budget,
    names.map((name) => () => member(budget, value, name)),
    names.length,
  )} }`;
}

/** Key and value of each entry; `items` has them by turns. */
const entries = (budget: Budget, items: readonly unknown[]): (() => string)[] =>
  Array.from(
    { length: items.length / 2 },
    (_, entry) => () => `${preview(budget, items[2 * entry])} => ${preview(budget, items[2 * entry + 1])}`,
  );

function collection(budget: Budget, size: number, members: () => (() => string)[]): string {
  return size > openedSize ? `(${size})` : `(${size}) {${list(budget, members(), size)}}`;
}

/** Elements of a Float32Array without the digits that only its conversion makes: 0.2, not 0.20000000298023224. */
function shortFloats(array: TypedArray): ArrayLike<unknown> {
  if (typedArrayName(array) !== 'Float32Array') return array;
  const shown = Array.from({ length: Math.min(array.length, shownElements) }, (_, index) => {
    const short = Number(Number(array[index]).toPrecision(7));
    return Math.fround(short) === array[index] ? short : array[index];
  });
  return Object.assign(shown, { length: array.length });
}

function elements(budget: Budget, array: ArrayLike<unknown>, count: number): string {
  const members = Array.from(
    { length: Math.min(count, array.length) },
    (_, index) => () => preview(budget, array[index]),
  );
  return `[${list(budget, members, array.length)}]`;
}

const previews: ValueVisitor<Budget, string> = {
  undefined: () => 'undefined',
  null: () => 'null',
  boolean: (_, value) => String(value),
  number: (_, value) => (Object.is(value, -0) ? '-0' : String(value)),
  bigint: (_, value) => (value > -(2n ** 64n) && value < 2n ** 64n ? `${value}n` : 'a large bigint'),
  string: (_, value) => quote(value),
  boxed: (budget, value) => `Object(${preview(budget, unbox(value))})`,
  date: (_, value) => (Number.isNaN(value.getTime()) ? 'Date (invalid)' : value.toISOString()),
  regexp: (_, value) => `/${regexpParts(value).source.slice(0, longestText)}/${regexpParts(value).flags}`,
  object: fields,
  array: (budget, value) =>
    `${value.length > shownMembers ? `(${value.length}) ` : ''}${elements(budget, value, shownMembers + 1)}`,
  map: (budget, value) => `Map${collection(budget, value.size, () => entries(budget, mapItems(value)))}`,
  set: (budget, value) =>
    `Set${collection(budget, value.size, () => setItems(value).map((each) => () => preview(budget, each)))}`,
  'typed-array': (budget, value) =>
    `${typedArrayName(value)}(${value.length}) ${elements(budget, shortFloats(value), shownElements)}`,
  'array-buffer': (_, value) => `ArrayBuffer(${value.byteLength})`,
  'data-view': (_, value) => `DataView(${value.byteLength})`,
  blob: (_, value) => `Blob(${value.size}${value.type && `, ${quote(value.type)}`})`,
  'image-data': (_, value) => `ImageData(${value.width} × ${value.height})`,
  error: (_, value) => `${value.name}(${quote(value.message)})`,
  'dom-exception': (_, value) => `DOMException(${quote(value.name)})`,
  url: (_, value) => quote(String(value)),
  temporal: (_, value) => value.toString(),
  'abort-signal': () => 'AbortSignal',
  instance: (budget, value) =>
    `${describe(value).replace(/^an instance of ([^,]*).*$/, '$1')} ${fields(budget, value)}`,
  function: (_, value) => `function ${value.name.slice(0, longestText)}`.trimEnd(),
  opaque: (_, value) => describe(value),
};

function preview(budget: Budget, value: unknown): string {
  if (budget.isSpent) return '…';
  try {
    return budget.take(visit(previews, budget, value).slice(0, longestPreview));
  } catch {
    return `(${kindOf(value)})`;
  }
}

/** The arguments as one would write them: `(Float32Array(3136000) [0, 0.2, …], { metric: "euclidean" })`, at most 1 KiB. */
export function previewOf(args: readonly unknown[]): string {
  const budget = new Budget();
  const text = `(${list(
    budget,
    args.map((each) => () => preview(budget, each)),
    args.length,
  )})`;
  return text.length > longestPreview / 2 ? shorten(text) : text;
}

/** Cut to the limit in UTF-8 bytes, which are at most three a code unit. */
function shorten(text: string): string {
  const bytes = new Uint8Array(longestPreview - 4);
  const { read } = new TextEncoder().encodeInto(text, bytes);
  return read === text.length ? text : `${text.slice(0, read)}…`;
}
