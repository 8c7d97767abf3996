/** What the text of a function or class says of it. */
import { unsaidBy } from '../values/values.ts';
import { type Code, isArrow, methodUnder, sourceOf } from './function-source.ts';

export const isCode = (value: unknown): value is Code => typeof value === 'function';

export const isClass = (code: Code): boolean => /^class\b/.test(sourceOf(code));

/** Whether a function reads the `this` of what surrounds it. */
export const readsOuterThis = (source: string): boolean =>
  /\b(?:this|super|eval)\b/.test(source) && isArrow(source);

/** What compilers make of decorators: it takes the object, and keeps nothing of it. */
const decorating = /\b\w*(?:init|decorat|apply_?decs)\w*\([^()]*?\bthis\b/gi;

/** Asked of each source once. */
function ofSource(asked: (source: string) => boolean): (code: Code) => boolean {
  const answers = new WeakMap<Code, boolean>();
  return (code) => {
    const known = answers.get(code) ?? asked(sourceOf(code));
    answers.set(code, known);
    return known;
  };
}

/** Private fields, or memory beside the object that is found by the object: what compilers make of private fields. */
export const hidesState = ofSource((source) =>
  /\.\s*#[\p{ID_Start}$_]|\bWeak(?:Map|Set)\b|(?<!\.(?:call|apply))\(\s*this\s*[,)]|,\s*this\s*[,)]/u.test(
    source.replace(decorating, ''),
  ),
);

/** Whether code reads the class of its receiver, and with it the class's own members. */
export const readsClass = ofSource((source) => /\bconstructor\b(?!\s*\()/.test(source));

/**
 * Whether a function or class reads nothing but its parameters, its receiver and built-ins, so that its source and what it
 * extends say all of it.
 */
export function isSelfContained(code: Code): boolean {
  const known = selfContained.get(code);
  if (known !== undefined) return known;
  const source = sourceOf(code);
  const { hasPrivateFields, names } = unsaidBy(source);
  const isTold = source !== '' && !hasPrivateFields && names?.length === 0 && !readsOuterThis(source);
  selfContained.set(code, isTold);
  return isTold;
}

const selfContained = new WeakMap<Code, boolean>();

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

/**
 * Whether an instance's own function is a field that its class was written with, and reads nothing else.
 * @param isCovered what it reads of the class and around it counts already
 */
export function isFieldOf(owner: Code, name: string | symbol, code: Code, isCovered: boolean): boolean {
  const source = sourceOf(code);
  if (typeof name === 'symbol' || source === '' || !(isCovered || isSelfContained(code))) return false;
  const text = sourceOf(owner);
  return [`${name} = ${source}`, `${name}=${source}`].some((field) => {
    const at = text.indexOf(field);
    return at > 0 && fieldStart.test(text.slice(0, at));
  });
}
