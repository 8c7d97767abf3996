/** Source text of a function or class as tokens: as much of the grammar as it takes to tell its names from its text. */

export interface Token {
  readonly text: string;
  readonly kind: 'word' | 'sign' | 'literal';
  /** Whether a line ends between the token before and this one. */
  readonly startsLine: boolean;
}

/** A source with something in it that these few rules cannot tell for certain. */
export class UnclearSource extends Error {}

const blank = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)+/y;
const word = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /(?:\d|\.\d)[\w.]*/y;
const text = /"(?:[^"\\\n\r]|\\[\s\S])*"|'(?:[^'\\\n\r]|\\[\s\S])*'/y;
const regexp = /\/(?![*/])(?:[^/\\[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/\w*/y;
const sign = /=>|\.{3}|\?\.(?!\d)|\+\+|--|[=!<>]=+|[-+*/%&|^?<>]+=|[^\s\w$]/y;
const templateText = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;

/** Words after which a slash begins a regular expression. */
const beforeOperand = new Set(
  'return typeof case in of delete void throw new else do await yield instanceof'.split(' '),
);

class Tokenizer {
  readonly tokens: Token[] = [];
  readonly #source: string;
  #at = 0;
  /** How deep in braces each open template is. */
  readonly #templates: number[] = [];
  #braces = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): readonly Token[] {
    for (;;) {
      const gap = this.#match(blank) ?? '';
      if (this.#at >= this.#source.length) return this.tokens;
      this.#next(/[\n\r\u2028\u2029]/.test(gap));
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #next(startsLine: boolean): void {
    const character = this.#source[this.#at];
    const add = (found: string | undefined, kind: Token['kind']): boolean => {
      if (found !== undefined) this.tokens.push({ text: found, kind, startsLine });
      return found !== undefined;
    };
    if (character === '`') this.#openTemplate(startsLine);
    else if (add(this.#match(word), 'word') || add(this.#match(number) ?? this.#match(text), 'literal'))
      return;
    else if (character === '/' && this.#isRegexp()) add(this.#match(regexp), 'literal');
    else if (character === '}' && this.#templates.at(-1) === this.#braces) this.#resumeTemplate();
    else {
      const found = this.#match(sign);
      // A quote without its end, or the escape of an identifier.
      if (found === undefined || /["'\\]/.test(found)) throw new UnclearSource();
      if (found === '{') this.#braces++;
      if (found === '}') this.#braces--;
      add(found, 'sign');
    }
  }

  /** Text between the holes counts for nothing; a hole is a group in parentheses. */
  #openTemplate(startsLine: boolean): void {
    this.#at++;
    this.tokens.push({ text: '``', kind: 'literal', startsLine });
    this.#templateText();
  }

  #templateText(): void {
    this.#match(templateText);
    if (this.#source.startsWith('${', this.#at)) {
      this.#at += 2;
      this.#templates.push(this.#braces);
      this.tokens.push({ text: '(', kind: 'sign', startsLine: false });
    } else if (this.#source[this.#at] === '`') this.#at++;
    else throw new UnclearSource();
  }

  #resumeTemplate(): void {
    this.#at++;
    this.#templates.pop();
    this.tokens.push({ text: ')', kind: 'sign', startsLine: false });
    this.#templateText();
  }

  /** Whether the slash here begins a regular expression. After `)` and `}` either may be: then it must not matter. */
  #isRegexp(): boolean {
    const before = this.tokens.at(-1);
    if (before === undefined) return true;
    if (before.kind === 'literal' || before.text === ']') return false;
    if (before.kind === 'word') return beforeOperand.has(before.text) && !isAfterDot(this.tokens);
    if (!/^(?:[)}]|\+\+|--)$/.test(before.text)) return true;
    regexp.lastIndex = this.#at;
    if (/["'`]|\/[/*]/.test(regexp.exec(this.#source)?.[0] ?? '')) throw new UnclearSource();
    return false;
  }
}

const isAfterDot = (tokens: readonly Token[]): boolean => /^\??\.$/.test(tokens.at(-2)?.text ?? '');

/** The tokens of a source, without comments. @throws UnclearSource */
export const tokensOf = (source: string): readonly Token[] => new Tokenizer(source).run();
