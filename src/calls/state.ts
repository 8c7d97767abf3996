/** State of modules that a function reaches, as it is when the call is made: which of it there is, the build plugin says. */
import { UnhashableArgumentError } from '../errors/errors.ts';
import { codeRegistry } from '../fingerprint/fingerprint.ts';
import type { KeyHasher, Token } from '../keys/keys.ts';
import type { Codec } from '../values/values.ts';
import { kindOf } from '../values/values.ts';
import { isCode, isSelfContained } from './code-text.ts';
import { type Code, sourceOf } from './function-source.ts';
import { tokenOf } from './tokens.ts';

/** How state is hashed. */
export interface StateRules {
  readonly hasher: KeyHasher;
  readonly codecs: readonly Codec[] | undefined;
}

/**
 * Digest of what the cells hold. A promise only where a Blob has to be read. Cells with a question mark are reached by
 * nothing but code that fills the others: they matter where those hold functions, which may read them.
 * @throws UnhashableArgumentError for what cannot be read or told, by the name of its cell.
 */
export function stateDigest(keys: readonly string[], rules: StateRules): string | Promise<string> {
  const own = keys.filter((key) => !key.startsWith('?'));
  const values = own.map(readCell);
  // Numbers and texts need no digest of their own.
  if (values.every((value) => !isCode(value) && (typeof value !== 'object' || value === null))) {
    return rules.hasher.digest(values);
  }
  const walks = own.map((key) => new StateWalk(key, rules));
  const digests = walks.map((walk, index) => walk.digest(values[index]));
  const isPlain = digests.every((each) => typeof each === 'string') && !walks.some((walk) => walk.metCode);
  for (const key of isPlain || own.length === keys.length ? [] : keys) {
    if (key.startsWith('?')) digests.push(new StateWalk(key.slice(1), rules).digest(readCell(key.slice(1))));
  }
  return digests.every((each) => typeof each === 'string')
    ? rules.hasher.digest(digests)
    : Promise.all(digests).then((all) => rules.hasher.digest(all));
}

/** Makers of digests of each cell that the function itself reads, by path, for explain(). */
export const stateByPath = (
  keys: readonly string[],
  rules: StateRules,
): [string, () => string | Promise<string>][] =>
  keys
    .filter((key) => !/^[?!]/.test(key))
    .map((key) => [
      `state[${JSON.stringify(key.replace(/^global:/, 'globalThis.'))}]`,
      () => stateDigest([key], rules),
    ]);

function readCell(key: string): unknown {
  if (key.startsWith('!'))
    throw new UnhashableArgumentError(key.slice(1), 'state that nobody outside can read');
  if (key.startsWith('global:')) return Reflect.get(globalThis, key.slice('global:'.length));
  const { cells } = codeRegistry();
  const cell = cells.get(key);
  if (!cell)
    throw new UnhashableArgumentError(
      key,
      'state of a module that the build plugin did not see or that has not loaded',
    );
  try {
    return cell.read();
  } catch {
    throw new UnhashableArgumentError(key, 'state of a module that is still being evaluated');
  }
}

/** Functions and classes in one cell, numbered as they are met, with their members: cycles end at the numbers. */
class StateWalk {
  readonly #key: string;
  readonly #rules: StateRules;
  readonly #numbers = new Map<object, string>();
  readonly #queue: object[] = [];

  constructor(key: string, rules: StateRules) {
    this.#key = key;
    this.#rules = rules;
  }

  /** Whether there was a function, a class or an instance of one. */
  get metCode(): boolean {
    return this.#numbers.size > 0;
  }

  digest(value: unknown): string | Promise<string> {
    const { hasher, codecs } = this.#rules;
    const known = (each: object): Token | undefined =>
      tokenOf(each) ?? platformToken(each) ?? (isCode(each) ? this.#numberOf(each) : this.#instanceOf(each));
    const options = { codecs, root: this.#key, tokenOf: known };
    const digests = [hasher.digest(value, options)];
    for (let next = this.#queue.shift(); next; next = this.#queue.shift())
      digests.push(hasher.digest(isCode(next) ? partsOf(next) : fieldsOf(next), options));
    if (digests.every((each) => typeof each === 'string')) {
      return digests.length === 1 ? (digests[0] ?? '') : hasher.digest(digests);
    }
    return Promise.all(digests).then((all) => hasher.digest(all));
  }

  /** An instance of a class that is part of the code is its fields, and that class; a module is what it exports. */
  #instanceOf(value: object): Token | undefined {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const what = isNamespace(value) ? 'module' : this.#classOf(value);
    if (typeof what !== 'string') return undefined;
    const number = `${this.#numbers.size} instance of ${what}`;
    this.#numbers.set(value, number);
    this.#queue.push(value);
    return number;
  }

  #classOf(value: object): Token | undefined {
    if (kindOf(value) !== 'instance' || hasOddFields(value)) return undefined;
    const maker: unknown = Reflect.get(value, 'constructor');
    if (!isCode(maker) || /\.\s*#/.test(sourceOf(maker))) return undefined;
    return textOf(maker) === undefined ? undefined : this.#numberOf(maker);
  }

  #numberOf(code: Code): Token {
    const known = this.#numbers.get(code);
    if (known !== undefined) return known;
    const text = textOf(code);
    if (text === undefined)
      return { refusal: `the function "${code.name}", which came after its module had loaded,` };
    const number = `${this.#numbers.size} ${text}`;
    this.#numbers.set(code, number);
    this.#queue.push(code);
    return number;
  }
}

/** What a function is: part of the code that made the cell, or by a fingerprint or source that says all of it. */
function textOf(code: Code): string | undefined {
  const registry = codeRegistry();
  const loaded = registry.loaded.get(code);
  if (loaded !== undefined) return `loaded ${loaded}`;
  const fingerprint = registry.code.get(code);
  if (fingerprint !== undefined) return `fingerprint ${fingerprint}`;
  return isSelfContained(code) ? `source ${sourceOf(code)}` : undefined;
}

const ofEveryFunction: ReadonlySet<string | symbol> = new Set([
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
]);

/** A namespace of the engine's or of a bundler's, whose members may be getters. */
const isNamespace = (value: object): boolean =>
  Object.getOwnPropertyDescriptor(value, Symbol.toStringTag)?.value === 'Module';

/** Fields with symbols for names, or computed by getters, are no plain data. */
const hasOddFields = (value: object): boolean =>
  Reflect.ownKeys(value).some((name) => {
    const member = Object.getOwnPropertyDescriptor(value, name);
    return typeof name === 'symbol' || !member || !('value' in member);
  });

const fieldsOf = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)]));

/** The members of a function and of its prototype: what was changed of a class since it was declared. */
function partsOf(code: Code): unknown[] {
  const prototype: unknown = Object.getOwnPropertyDescriptor(code, 'prototype')?.value;
  const isObject = typeof prototype === 'object' && prototype !== null;
  return [membersOf(code), isObject && membersOf(prototype), isObject && aboveOf(prototype)];
}

function membersOf(holder: object): unknown[] {
  return Reflect.ownKeys(holder).flatMap((name) => {
    const member = Object.getOwnPropertyDescriptor(holder, name);
    if (!member || ofEveryFunction.has(name) || name === 'constructor') return [];
    return [String(name), 'value' in member ? member.value : [member.get, member.set]];
  });
}

/** Methods of a prototype that was put above another one; classes of the platform say what they are by themselves. */
function aboveOf(prototype: object): unknown {
  const above: unknown = Object.getPrototypeOf(prototype);
  const maker = typeof above === 'object' && above !== null ? Reflect.get(above, 'constructor') : undefined;
  return isCode(maker) && textOf(maker) !== undefined && maker;
}

const platformNames =
  'performance console crypto Math JSON Reflect Atomics Intl WebAssembly CSS globalThis document navigator location history localStorage sessionStorage'.split(
    ' ',
  );

/** What the platform offers to every program says what it is by its name; what it holds is no state of the program. */
function platformToken(value: object): string | undefined {
  const realm: Readonly<Record<string, unknown>> = globalThis;
  const name = platformNames.find((each) => realm[each] === value) ?? (isCode(value) ? value.name : '');
  return name !== '' && realm[name] === value && isPlatform(value) ? `platform ${name}` : undefined;
}

const isPlatform = (value: object): boolean => !isCode(value) || sourceOf(value) === '';
