/** What the code of an object's classes says, and whether it says all: what a class keeps elsewhere, no key can hold. */
import { codeRegistry } from '../fingerprint/fingerprint.ts';
import { classAt, type ScriptFunction } from './classes.ts';
import { unsaidBy } from './source/free-names.ts';

/** Code that can be told from other code, or why it cannot. */
export type Code = { readonly text: string } | { readonly refusal: string };

const textOf = (code: ScriptFunction): string => Function.prototype.toString.call(code);
const nativeText = /^(?:function|class)[^{]*\{\s*\[native code\]\s*\}\s*$/;

/** A class that hands its objects on may keep something for each of them elsewhere, as compiled private fields are. */
const keepsElsewhere = /\bWeakMap\b|\bWeakSet\b|(?<!\.(?:call|apply))\(\s*this\s*[,)]|,\s*this\s*[,)]/;

function readCode(code: ScriptFunction): Code {
  const text = textOf(code);
  if (nativeText.test(text)) {
    // Bound functions and proxies have no name in their text.
    return /^\w+\s+[\w$]/.test(text) ? { text } : { refusal: 'whose class has a function without a source' };
  }
  const { hasPrivateFields, names } = unsaidBy(text);
  if (hasPrivateFields) return { refusal: 'which has private fields' };
  const fingerprint = codeRegistry().code.get(code);
  if (fingerprint !== undefined) {
    return keepsElsewhere.test(text)
      ? { refusal: 'whose class may keep what it holds in a WeakMap' }
      : { text: `fingerprint ${fingerprint}` };
  }
  if (names === undefined) return { refusal: 'whose class has a source that is not understood' };
  const [name] = names;
  return name === undefined
    ? { text }
    : { refusal: `whose class uses "${name}" from outside of its own code` };
}

const codes = new WeakMap<object, Code>();

/** The code of a class or of a function that is a member of one: its fingerprint, or its source if that says all. */
function codeOf(code: ScriptFunction): Code {
  const known = codes.get(code);
  if (known) return known;
  const read = readCode(code);
  codes.set(code, read);
  return read;
}

const ownNames = new Set<PropertyKey>([
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
  'constructor',
  'keepsake',
]);

/** A member of a class or of its prototype: code, or a value that is to be hashed. */
export interface ClassMember {
  readonly key: PropertyKey;
  readonly code: readonly Code[];
  readonly value: unknown;
}

const isFunction = (value: unknown): value is ScriptFunction => typeof value === 'function';
const withoutCode: readonly Code[] = [];

/** Whether the member was written inside of the class, so that the class's own code says it. */
const isWithin = (member: ScriptFunction, maker: ScriptFunction): boolean =>
  textOf(maker).includes(textOf(member)) && !nativeText.test(textOf(member));

function memberCode(member: ScriptFunction, maker: ScriptFunction): Code {
  if (Reflect.ownKeys(member).some((key) => !ownNames.has(key))) {
    return { refusal: `whose class has a function with members, ${member.name}` };
  }
  return isWithin(member, maker) ? { text: 'own' } : codeOf(member);
}

function membersOf(holder: object, maker: ScriptFunction): ClassMember[] {
  return Reflect.ownKeys(holder)
    .filter((key) => !ownNames.has(key))
    .map((key) => {
      const { value, get, set } = Object.getOwnPropertyDescriptor(holder, key) ?? {};
      const code = [value, get, set].filter(isFunction).map((each) => memberCode(each, maker));
      return code.length > 0 ? { key, code, value: undefined } : { key, code: withoutCode, value };
    });
}

/** One written class of an object, or the built-in one at the end. */
export interface ClassLevel {
  readonly name: string;
  readonly code: Code;
  /** Members of the prototype, then of the class itself. */
  readonly members: readonly [readonly ClassMember[], readonly ClassMember[]];
}

const nothing: ClassLevel['members'] = [[], []];

/** Whether statics come from where methods do. */
function isOfOneChain(maker: ScriptFunction, prototype: object): boolean {
  const outer: object | null = Object.getPrototypeOf(maker);
  const above: object | null = Object.getPrototypeOf(prototype);
  // Function.prototype, of any realm.
  return outer === (above && classAt(above).maker) || (outer !== null && Object.hasOwn(outer, 'call'));
}

function levelOf(prototype: object): ClassLevel {
  const { maker, isBuiltIn } = classAt(prototype);
  if (!maker || maker.prototype !== prototype || !(isBuiltIn || isOfOneChain(maker, prototype))) {
    return { name: '', code: { refusal: 'whose prototype no class made' }, members: nothing };
  }
  const { name } = maker;
  if (isBuiltIn) return { name, code: { text: name }, members: nothing };
  const code = codeOf(maker);
  // A name is the build's where a fingerprint says what it is.
  const isNamed = 'text' in code && !code.text.startsWith('fingerprint ');
  return { name: isNamed ? name : '', code, members: [membersOf(prototype, maker), membersOf(maker, maker)] };
}

/** The classes of objects with this prototype, nearest first, as they are now. */
export function classLevels(prototype: object): readonly ClassLevel[] {
  const levels: ClassLevel[] = [];
  for (let at: object | null = prototype; at; at = Object.getPrototypeOf(at)) {
    levels.push(levelOf(at));
    if (classAt(at).isBuiltIn) break;
  }
  return levels;
}
