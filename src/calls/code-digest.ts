/** Digests of values among which functions and classes are: captured values, receivers, helpers, the state of modules. */
import { codeRegistry } from '../fingerprint/fingerprint.ts';
import type { IgnoredPath, KeyHasher, Part, Token } from '../keys/keys.ts';
import type { Codec } from '../values/values.ts';
import { claim, type Evaluation } from './claims.ts';
import { builtInName, isClass, isCode, isSelfContained, isShown, readsOuterThis } from './code-text.ts';
import { type Code, sourceOf } from './function-source.ts';
import { tokenOf } from './tokens.ts';

/** How code without a fingerprint of the build plugin counts. */
export interface CodeRules {
  readonly hasher: KeyHasher;
  readonly codecs: readonly Codec[] | undefined;
  /**
   * Only by a source that says all of it: no captured value that nobody sees. Otherwise by its source as long as nothing
   * else in this realm has the same.
   */
  readonly isStrict: boolean;
  /** Somebody answers for what the code captures: its source is enough. */
  readonly isTrusting?: boolean;
  /** Of the module that wrapped the function whose call it is. */
  readonly evaluation: Evaluation | undefined;
  /** Called when two functions or classes turn out to have one source. */
  onAmbiguous(): void;
}

const sourceDigests = new WeakMap<KeyHasher, WeakMap<Code, string>>();

interface Numbered {
  readonly code: Code;
  readonly text: string;
}

/**
 * Numbers functions and classes in the order in which they are met, and writes down what each is: its fingerprint, or its
 * source, its members and what it extends. Cycles end at the numbers.
 */
export class CodeBook {
  readonly #rules: CodeRules;
  readonly #numbers = new Map<object, string>();
  readonly #queue: Numbered[] = [];

  constructor(rules: CodeRules) {
    this.#rules = rules;
  }

  /** Digest of a value and of all code in it. @throws UnhashableArgumentError for what cannot be told, with its path. */
  digest(value: unknown, root: string, ignore?: readonly IgnoredPath[]): string | Promise<string> {
    return this.digestAll([{ root, value, ignore }]);
  }

  /** As digest(), of several values. */
  digestAll(parts: readonly [Part, ...Part[]]): string | Promise<string> {
    const { hasher, codecs } = this.#rules;
    const tokenOf = (each: object): Token | undefined => this.#tokenOf(each);
    const digests = [hasher.digestAll(parts, { codecs, tokenOf })];
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const root = `${parts[0].root}.${next.code.name}`;
      digests.push(hasher.digest(describeCode(next), { codecs, root, tokenOf }));
    }
    if (digests.every((each) => typeof each === 'string')) {
      return digests.length === 1 ? (digests[0] ?? '') : hasher.digest(digests);
    }
    return Promise.all(digests).then((all) => hasher.digest(all)); // a Blob had to be read
  }

  /**
   * What a function or class is by itself, without its members: its fingerprint, or its source.
   * @throws CodeRefusal where that does not tell it.
   */
  textOf(code: Code, isTrusting = this.#rules.isTrusting ?? false): string {
    const fingerprint = codeRegistry().code.get(code);
    if (fingerprint !== undefined) return `fingerprint ${fingerprint}`;
    const source = sourceOf(code);
    if (source === '') return builtInText(code);
    if (!isTrusting) this.#assertTold(code, source);
    return `source ${this.#sourceDigest(code, source)}`;
  }

  /** Sources are long, and hashed with each call of a method. */
  #sourceDigest(code: Code, source: string): string {
    const { hasher } = this.#rules;
    const digests = sourceDigests.get(hasher) ?? new WeakMap<Code, string>();
    sourceDigests.set(hasher, digests);
    const digest = digests.get(code) ?? String(hasher.digest(source));
    digests.set(code, digest);
    return digest;
  }

  #assertTold(code: Code, source: string): void {
    if (readsOuterThis(source))
      throw new CodeRefusal('an arrow function that reads the "this" of what surrounds it');
    if (isSelfContained(code)) return;
    if (this.#rules.isStrict) throw new CodeRefusal(unseen(code));
    if (claim(`code ${source}`, code, this.#rules.evaluation)) return;
    this.#rules.onAmbiguous();
    throw new CodeRefusal(`one of two ${isClass(code) ? 'classes' : 'functions'} with the same source`);
  }

  #tokenOf(value: object): Token | undefined {
    const token = tokenOf(value);
    return token === undefined && isCode(value) ? this.#numberOf(value) : token;
  }

  #numberOf(code: Code): Token {
    const known = this.#numbers.get(code);
    if (known !== undefined) return known;
    try {
      const text = this.textOf(code);
      const number = `code ${this.#numbers.size}`;
      this.#numbers.set(code, number);
      this.#queue.push({ code, text });
      return number;
    } catch (error) {
      if (error instanceof CodeRefusal) return { refusal: error.message };
      throw error;
    }
  }
}

/** Why a function or class cannot be told by what can be seen of it. */
export class CodeRefusal extends Error {}

const unseen = (code: Code): string =>
  `the ${isClass(code) ? 'class' : 'function'} "${code.name}", whose own captured values cannot be seen,`;

function builtInText(code: Code): string {
  const name = builtInName(code);
  if (name === undefined) throw new CodeRefusal('a bound or native function, whose code cannot be seen,');
  return `built-in ${name}`;
}

type LeavesOut = (name: string | symbol, member: PropertyDescriptor) => boolean;

export type Member = readonly [name: string | symbol, member: PropertyDescriptor];

export function membersOf(holder: object): Member[] {
  const members: Member[] = [];
  for (const name of Reflect.ownKeys(holder)) {
    const member = Object.getOwnPropertyDescriptor(holder, name);
    if (member) members.push([name, member]);
  }
  return members;
}

/** What members are: values, getters and setters, by name. */
export function contentOf(members: readonly Member[], isLeftOut: LeavesOut): unknown[] {
  const content: unknown[] = [];
  for (const [name, member] of members) {
    if (isLeftOut(name, member)) continue;
    content.push(String(name), 'value' in member ? [member.value] : [member.get, member.set]);
  }
  return content;
}

const ofEveryFunction: ReadonlySet<string | symbol> = new Set([
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
]);

/** Static members of a class, or whatever a function carries, beyond what its source shows. */
export const staticsOf = (code: Code, members: readonly Member[], isLeftOut?: LeavesOut): unknown[] =>
  contentOf(
    members,
    (name, member) =>
      ofEveryFunction.has(name) || isShown(code, name, member) || (isLeftOut?.(name, member) ?? false),
  );

/** Members of the prototype of a class or function beyond what its source shows. */
export const methodsOf = (code: Code, members: readonly Member[]): unknown[] =>
  contentOf(
    members,
    (name, member) => (name === 'constructor' && member.value === code) || isShown(code, name, member),
  );

function describeCode({ code, text }: Numbered): unknown {
  if (text.startsWith('built-in')) return text;
  const prototype: unknown = Object.getOwnPropertyDescriptor(code, 'prototype')?.value;
  const parent: unknown = Object.getPrototypeOf(code);
  const hasPrototype = typeof prototype === 'object' && prototype !== null;
  return [
    text,
    staticsOf(code, membersOf(code)),
    hasPrototype && methodsOf(code, membersOf(prototype)),
    hasPrototype && extendedBy(prototype),
    parent !== Function.prototype && parent,
  ];
}

/** What a prototype extends, where that is not Object. */
function extendedBy(prototype: object): unknown {
  const above: object | null = Object.getPrototypeOf(prototype);
  return above !== null && above !== Object.prototype && Reflect.get(above, 'constructor');
}
