/**
 * Names that a class or function takes from outside of itself: what its text does not say. Whatever is not understood
 * counts as such a name, so that a text without any says all.
 */
import { type Token, tokensOf, UnclearSource } from './tokens.ts';

interface Scope {
  readonly names: Set<string>;
  readonly outer: Scope | undefined;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const keywords = new Set(
  'break case catch class const continue debugger default delete do else export extends false finally for function if in instanceof new null return super switch this throw true try typeof var void while yield await let static'.split(
    ' ',
  ),
);
/** Words that only sometimes are keywords: before another word, a star or a bracket on the same line. */
const modifiers = new Set('get set async accessor static'.split(' '));
/** Globals of the language that say the same in every program, and keep nothing beside an object. */
const wellKnown = new Set(
  'Object Array Math Number String Boolean BigInt Symbol Date RegExp JSON Map Set Promise Reflect Intl Error EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError ArrayBuffer DataView Infinity NaN undefined isNaN isFinite parseInt parseFloat arguments console'.split(
    ' ',
  ),
);
const typedArray = /^(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array$/;

const scopeIn = (outer: Scope | undefined): Scope => ({ names: new Set(), outer });

function isBound(name: string, scope: Scope | undefined): boolean {
  for (let level = scope; level; level = level.outer) if (level.names.has(name)) return true;
  return false;
}

class Reading {
  readonly #tokens: readonly Token[];
  readonly #ends: readonly number[];
  readonly #uses: { readonly name: string; readonly scope: Scope }[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#ends = endsOf(tokens);
  }

  /** Names that nothing in the text declares, each once. */
  run(): string[] {
    this.#walk(0, this.#tokens.length, scopeIn(undefined));
    const free = this.#uses.filter(({ name, scope }) => !isBound(name, scope)).map(({ name }) => name);
    return [...new Set(free)].filter((name) => !wellKnown.has(name) && !typedArray.test(name));
  }

  #text(at: number): string {
    return this.#tokens[at]?.text ?? '';
  }

  #isWord(at: number): boolean {
    return this.#tokens[at]?.kind === 'word';
  }

  /** Where the group that begins here ends. */
  #end(at: number): number {
    const end = this.#ends[at];
    if (end === undefined) throw new UnclearSource();
    return end;
  }

  #walk(from: number, to: number, scope: Scope): void {
    for (let at = from; at < to; at++) {
      if (this.#text(at) in closers && this.#tokens[at]?.kind === 'sign') at = this.#group(at, scope);
      else if (this.#isWord(at)) at = this.#word(at, scope);
    }
  }

  /** A group in brackets, and what it is the head of. Returns the last position that was read. */
  #group(at: number, scope: Scope): number {
    const end = this.#end(at);
    const before = this.#isProperty(at - 1) ? '' : this.#text(at - 1);
    const isParens = this.#text(at) === '(';
    if (isParens && (this.#text(end + 1) === '=>' || before === 'catch' || this.#isMethodHead(at))) {
      return this.#routine(at, scope);
    }
    const isLoop = isParens && (before === 'for' || (before === 'await' && this.#text(at - 2) === 'for'));
    const inner = isLoop || this.#text(at) === '{' ? scopeIn(scope) : scope;
    this.#walk(at + 1, end, inner);
    if (!isLoop) return end;
    const stop = this.#text(end + 1) === '{' ? this.#end(end + 1) + 1 : this.#expressionEnd(end + 1, /^;$/);
    this.#walk(end + 1, stop, inner);
    return stop - 1;
  }

  /** Whether parentheses are a method's: its body begins on the same line. */
  #isMethodHead(at: number): boolean {
    const body = this.#tokens[this.#end(at) + 1];
    return (
      body?.text === '{' &&
      !body.startsLine &&
      !/^(?:if|while|switch|with|for|await)$/.test(this.#text(at - 1))
    );
  }

  /** Parameters from `at` on, then a body in their scope. */
  #routine(at: number, outer: Scope): number {
    const scope = scopeIn(outer);
    const end = this.#end(at);
    this.#pattern(at + 1, end, scope);
    return this.#body(end + 1, scope);
  }

  /** A block, or `=>` and what follows. */
  #body(at: number, scope: Scope): number {
    const start = this.#text(at) === '=>' ? at + 1 : at;
    const stop = this.#text(start) === '{' ? this.#end(start) + 1 : this.#expressionEnd(start, /^[,;]$/);
    this.#walk(start, stop, scope);
    return stop - 1;
  }

  /** Where an expression (or a statement, by its own end) is over. */
  #expressionEnd(from: number, ends: RegExp): number {
    let conditions = 0;
    for (let at = from; at < this.#tokens.length; at++) {
      const token = this.#tokens[at];
      if (token === undefined || /^[)\]}]$/.test(token.text) || ends.test(token.text)) return at;
      if (at > from && token.startsLine && isOperand(token) && endsOperand(this.#tokens[at - 1])) return at;
      if (token.text === '?') conditions++;
      if (token.text === ':' && conditions-- === 0) return at;
      if (token.text in closers && token.kind === 'sign') at = this.#end(at);
    }
    return this.#tokens.length;
  }

  /** Declares what a list of patterns binds; defaults and computed names are read. */
  #pattern(from: number, to: number, scope: Scope): void {
    for (let at = from; at < to; at++) {
      const text = this.#text(at);
      if (text === '=') {
        const end = Math.min(to, this.#expressionEnd(at + 1, /^,$/));
        this.#walk(at + 1, end, scope);
        at = end - 1;
      } else if (text === '[' && this.#text(this.#end(at) + 1) === ':') {
        this.#walk(at + 1, this.#end(at), scope);
        at = this.#end(at);
      } else if (text === '[' || text === '{') {
        this.#pattern(at + 1, this.#end(at), scope);
        at = this.#end(at);
      } else if (this.#isWord(at) && this.#text(at + 1) !== ':') scope.names.add(text);
    }
  }

  /** `.name` */
  #isProperty(at: number): boolean {
    return this.#isWord(at) && /^\??\.$/.test(this.#text(at - 1));
  }

  #word(at: number, scope: Scope): number {
    const name = this.#text(at);
    if (this.#isProperty(at)) return at;
    const next = this.#text(at + 1);
    if (next === ':' && /^[{,;}]$/.test(this.#text(at - 1))) return at;
    if (next === '=>') return this.#arrow(at, scope);
    if (name === 'function') return this.#function(at, scope);
    if (name === 'class') return this.#class(at, scope);
    if (name === 'const' || name === 'var' || (name === 'let' && this.#startsPattern(at + 1))) {
      return this.#declaration(at + 1, scope);
    }
    if (!keywords.has(name) && !this.#isModifier(at) && !this.#isMethodName(at) && !this.#isLabel(at)) {
      this.#uses.push({ name, scope });
    }
    return at;
  }

  #arrow(at: number, outer: Scope): number {
    const scope = scopeIn(outer);
    scope.names.add(this.#text(at));
    return this.#body(at + 1, scope);
  }

  #startsPattern(at: number): boolean {
    return this.#isWord(at) || /^[[{]$/.test(this.#text(at));
  }

  #isModifier(at: number): boolean {
    const next = this.#tokens[at + 1];
    const name = this.#text(at);
    if (name === 'of') return endsOperand(this.#tokens[at - 1]) && !next?.startsLine;
    if (!modifiers.has(name) || next === undefined || next.startsLine) return false;
    if (name === 'async' && next.text === '(') return this.#text(this.#end(at + 1) + 1) === '=>';
    return next.kind !== 'sign' || /^[*[{]$/.test(next.text);
  }

  #isMethodName(at: number): boolean {
    const before = this.#text(at - 1);
    return (
      this.#text(at + 1) === '(' &&
      (/^(?:[{},;*]|)$/.test(before) || modifiers.has(before)) &&
      this.#isMethodHead(at + 1)
    );
  }

  #isLabel(at: number): boolean {
    return /^(?:break|continue)$/.test(this.#text(at - 1)) && !this.#tokens[at]?.startsLine;
  }

  /** A name is seen outside only of what is a statement. */
  #named(at: number, nameAt: number, outer: Scope): Scope {
    const scope = scopeIn(outer);
    if (!this.#isWord(nameAt) || this.#text(nameAt) === 'extends') return scope;
    const before = this.#tokens[at - 1];
    scope.names.add(this.#text(nameAt));
    if (before === undefined || /^[{};]$/.test(before.text)) outer.names.add(this.#text(nameAt));
    return scope;
  }

  #function(at: number, outer: Scope): number {
    const nameAt = this.#text(at + 1) === '*' ? at + 2 : at + 1;
    const start = this.#isWord(nameAt) ? nameAt + 1 : nameAt;
    return this.#routine(start, this.#named(at, nameAt, outer));
  }

  #class(at: number, outer: Scope): number {
    const scope = this.#named(at, at + 1, outer);
    let body = at + 1;
    while (this.#text(body) !== '{' || this.#text(body - 1) === 'extends') {
      if (body >= this.#tokens.length) throw new UnclearSource();
      body = this.#text(body) in closers ? this.#end(body) + 1 : body + 1;
    }
    this.#heritage(at, body, scope);
    for (let member = body + 1; member < this.#end(body); ) member = this.#member(member, scope);
    return this.#end(body);
  }

  /** What a class extends. Of the class that is read itself, that is told by its prototype. */
  #heritage(at: number, body: number, scope: Scope): void {
    const from = this.#text(at + 1) === 'extends' ? at + 2 : at + 3;
    if (at === 0) {
      if (body === from + 1) scope.names.add(this.#text(from));
      return;
    }
    for (let part = from; part < body; part++) {
      if (this.#text(part) in closers) this.#walk(part + 1, this.#end(part), scope);
      else if (this.#isWord(part)) this.#word(part, scope);
    }
  }

  /** One member of a class. Returns where the next begins. */
  #member(from: number, scope: Scope): number {
    let at = from;
    while (this.#text(at) === '*' || (this.#isModifier(at) && this.#text(at + 1) !== '{')) at++;
    if (this.#text(at) === ';') return at + 1;
    if (this.#text(at) === '[') this.#walk(at + 1, this.#end(at), scope);
    // The name, a computed one in its brackets, or `static` before a block.
    const next = (this.#text(at) === '[' ? this.#end(at) : at) + 1;
    if (this.#text(next) === '(') return this.#routine(next, scope) + 1;
    if (this.#text(next) === '{') return this.#body(next, scopeIn(scope)) + 1;
    if (this.#text(next) !== '=') return next;
    const end = this.#expressionEnd(next + 1, /^;$/);
    this.#walk(next + 1, end, scope);
    return end;
  }

  /** `a = 1, { b } = c`, and the head of a `for … of`. */
  #declaration(from: number, scope: Scope): number {
    for (let at = from; ; at++) {
      const end = this.#text(at) in closers ? this.#end(at) : at;
      this.#pattern(at, end + 1, scope);
      at = end + 1;
      if (this.#text(at) === '=') {
        const stop = this.#expressionEnd(at + 1, /^[,;]$/);
        this.#walk(at + 1, stop, scope);
        at = stop;
      }
      if (this.#text(at) !== ',') return at - 1;
    }
  }
}

const isOperand = ({ kind, text }: Token): boolean =>
  (kind !== 'sign' || text === '{' || text === '++' || text === '--') && !/^(?:in|instanceof)$/.test(text);

const endsOperand = (token: Token | undefined): boolean =>
  token !== undefined &&
  (token.kind === 'literal' ||
    /^(?:[)\]}]|\+\+|--)$/.test(token.text) ||
    (token.kind === 'word' &&
      (!keywords.has(token.text) || /^(?:this|super|null|true|false)$/.test(token.text))));

/** For each bracket that opens, where it closes. */
function endsOf(tokens: readonly Token[]): number[] {
  const ends: number[] = [];
  const open: number[] = [];
  for (const [at, { text, kind }] of tokens.entries()) {
    if (kind !== 'sign') continue;
    if (text in closers) open.push(at);
    else if (/^[)\]}]$/.test(text)) {
      const start = open.pop();
      if (start === undefined || closers[tokens[start]?.text ?? ''] !== text) throw new UnclearSource();
      ends[start] = at;
    }
  }
  if (open.length > 0) throw new UnclearSource();
  return ends;
}

/** What a text leaves unsaid. */
export interface Unsaid {
  /** It uses private fields. */
  readonly hasPrivateFields: boolean;
  /** Names from outside; undefined where the text is not understood. */
  readonly names: readonly string[] | undefined;
}

/** Reads the source of a function or class. */
export function unsaidBy(source: string): Unsaid {
  try {
    const tokens = tokensOf(source);
    const hasPrivateFields = tokens.some(({ text }) => text === '#');
    return { hasPrivateFields, names: hasPrivateFields ? [] : new Reading(tokens).run() };
  } catch (error) {
    if (error instanceof UnclearSource) return { hasPrivateFields: false, names: undefined };
    throw error;
  }
}
