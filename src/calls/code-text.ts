/** What the text of a function or class says of it. */
import { arrowParameters, membersOfClass, parametersOf } from './parameters.ts';

/** Any function or class: it is only looked at, never called. */
export type Code = (...args: never[]) => unknown;

export const isCode = (value: unknown): value is Code => typeof value === 'function';

const native = /\{\s*\[native code\]\s*\}\s*$/;
const texts = new WeakMap<Code, string>();

/** The source; '' for what the engine made: built-in and bound functions, and proxies of functions. */
export function sourceOf(code: Code): string {
  const known = texts.get(code);
  if (known !== undefined) return known;
  const text = Function.prototype.toString.call(code);
  const source = native.test(text) ? '' : text;
  texts.set(code, source);
  return source;
}

export const isClass = (code: Code): boolean => /^class\b/.test(sourceOf(code));

const isArrow = (source: string): boolean => arrowParameters(source) !== undefined;

/** Whether a function may read a `this` that its caller gives. */
export function readsReceiver(code: Code): boolean {
  const source = sourceOf(code);
  return source === '' || (/\b(?:this|super|eval)\b/.test(source) && !isArrow(source));
}

/** Whether a function reads the `this` of what surrounds it. */
export const readsOuterThis = (source: string): boolean =>
  /\b(?:this|super|eval)\b/.test(source) && isArrow(source);

/** What compilers make of decorators: it takes the object, and keeps nothing of it. */
const decorating = /\b\w*(?:init|decorat|apply_?decs)\w*\([^()]*?\bthis\b/gi;

/** Private fields, or memory beside the object that is found by the object: what compilers make of private fields. */
export const hidesState = (source: string): boolean =>
  /\.\s*#[\p{ID_Start}$_]|\bWeakMap\b|[(,]\s*this\s*[,)]/u.test(source.replace(decorating, ''));

/** Whether code reads the class of its receiver, and with it the class's own members. */
export const readsClass = (source: string): boolean => /\bconstructor\b(?!\s*\()/.test(source);

const word = /(\.{3}|\?\.|\.|#)?\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu;
const keywords =
  /^(?:return|if|else|typeof|void|new|await|async|yield|in|of|instanceof|this|true|false|null|undefined|NaN|Infinity|Math|JSON)$/;

/** What the engine defines and pages do not: no state of a page. */
function isBuiltIn(name: string): boolean {
  const owner = Object.getOwnPropertyDescriptor(globalThis, name);
  return owner?.enumerable === false && isCode(owner.value) && sourceOf(owner.value) === '';
}

/** Whether every name in a text is known, a member's, or a built-in's. */
const hasOnly = (text: string, known: ReadonlySet<string>): boolean =>
  !/\/[/*]|\b(?:eval|arguments)\b/.test(text) &&
  [...text.matchAll(word)].every(
    ([, prefix, name = '']) =>
      (prefix !== undefined && prefix !== '...') || known.has(name) || keywords.test(name) || isBuiltIn(name),
  );

/** The names of parameters; of patterns only those that rename nothing and have no defaults. */
const namesIn = (parameters: readonly string[]): string[] =>
  parameters.flatMap((each) => (/[:=]/.test(each) ? [] : (each.match(/[\p{ID_Continue}$]+/gu) ?? [])));

/**
 * Whether a function or class reads nothing but its parameters, its receiver and built-ins, so that its source and what it
 * extends say all of it. Sees only simple ones; whatever it does not understand may be a captured value.
 */
export function isSelfContained(source: string): boolean {
  if (/^class\b/.test(source)) return isSelfContainedClass(source);
  const parameters = parametersOf(source);
  if (!parameters || readsOuterThis(source) || /\bsuper\b/.test(source)) return false;
  const body = isArrow(source) ? source : source.slice(Math.max(0, source.indexOf('(')));
  return hasOnly(body, new Set(namesIn(parameters)));
}

/** Constructors and data run before the call: what they leave are fields. */
const isSelfContainedClass = (source: string): boolean =>
  membersOfClass(source)?.every(({ name, parameters, body }) => {
    if (name === 'constructor') return true;
    if (parameters === undefined)
      return !/=>|\b(?:function|class)\b/.test(body) || isFieldTold(name, body.trim());
    const known = parameters === undefined ? [] : namesIn(parametersOf(`m${parameters}`) ?? []);
    return hasOnly(`${parameters ?? ''} ${body}`, new Set([...known, 'super']));
  }) ?? false;

/** Fields of instances that read an outer `this` are looked at one by one, where they are found. */
const isFieldTold = (name: string, source: string): boolean =>
  isSelfContained(source) || (!name.startsWith('static') && readsOuterThis(source));

const names = new WeakMap<Code, string>();

/** Where a built-in function is found among the globals; undefined for one that is made, as bound functions are. */
export function builtInName(code: Code): string | undefined {
  if (names.has(code)) return names.get(code);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const value: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value;
    if (!isHolder(value)) continue;
    for (const [path, holder] of [
      [name, { '': value }],
      [`${name}.`, value],
      [`${name}#`, prototypeOf(value)],
    ] as const) {
      const key = holder && Object.getOwnPropertyNames(holder).find((each) => valueIn(holder, each) === code);
      if (key === undefined) continue;
      names.set(code, path + key);
      return path + key;
    }
  }
  return undefined;
}

const isHolder = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null && value !== globalThis) || isCode(value);

const valueIn = (holder: object, name: string): unknown =>
  Object.getOwnPropertyDescriptor(holder, name)?.value;

function prototypeOf(value: object): object | undefined {
  const prototype = valueIn(value, 'prototype');
  return isHolder(prototype) ? prototype : undefined;
}

const shown = new WeakMap<Code, Map<string | symbol, Code>>();
const methods = new WeakMap<Code, Code>();

/** The method under a cached one, which its class shows. */
export function setMethod(cached: Code, method: Code): void {
  methods.set(cached, method);
}

export const methodUnder = (code: Code): Code => methods.get(code) ?? code;

/** The name that a method or accessor is given by its place in a class. */
const nameOfPlace = (name: string | symbol): string =>
  typeof name === 'symbol' ? `[${name.description}]` : name;

function isWrittenIn(owner: Code, name: string | symbol, prefix: string, member: Code): boolean {
  const known = shown.get(owner) ?? new Map<string | symbol, Code>();
  shown.set(owner, known);
  const key = prefix === '' ? name : `${prefix}${String(name)}`;
  if (known.get(key) === member) return true;
  const method = methodUnder(member);
  const source = sourceOf(method);
  const isWritten =
    source !== '' &&
    isClass(owner) &&
    method.name === prefix + nameOfPlace(name) &&
    sourceOf(owner).includes(source);
  if (isWritten) known.set(key, member);
  return isWritten;
}

/** Whether a member is the method or accessor that its class was written with, so that the class's source says it. */
export function isShown(
  owner: Code,
  name: string | symbol,
  { value, get, set }: PropertyDescriptor,
): boolean {
  if (isCode(value)) return isWrittenIn(owner, name, '', value);
  if (!get && !set) return false;
  return (!get || isWrittenIn(owner, name, 'get ', get)) && (!set || isWrittenIn(owner, name, 'set ', set));
}

const fieldStart = /(?:^|[;{}\n])\s*$/;

/** Whether an instance's own function is a field that its class was written with, and reads no outer `this`. */
export function isFieldOf(owner: Code, name: string | symbol, code: Code): boolean {
  const source = sourceOf(code);
  if (source === '' || typeof name === 'symbol' || readsOuterThis(source)) return false;
  const text = sourceOf(owner);
  return [`${name} = ${source}`, `${name}=${source}`].some((field) => {
    const at = text.indexOf(field);
    return at > 0 && fieldStart.test(text.slice(0, at));
  });
}
