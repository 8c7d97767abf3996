/** The choices of `{a,b}` and `{1..3}` written out; the text itself where it has none. */
export function branches(pattern: string): string[] {
  const open = pattern.search(/(?<!\\)\{/);
  if (open === -1) return [pattern];
  const parts = ['']; // of the outermost braces
  let depth = 0;
  for (let at = open; at < pattern.length; at++) {
    const char = pattern[at] ?? '';
    if (char === '{' && depth++ === 0) continue;
    if (char === '}' && --depth === 0) {
      const after = pattern.slice(at + 1);
      return choices(parts).flatMap((each) => branches(pattern.slice(0, open) + each + after));
    }
    if (char === ',' && depth === 1) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return [pattern.replaceAll('{', '\\{')]; // never closed: a brace like any letter
}

function choices(parts: readonly string[]): string[] {
  const [only = ''] = parts;
  const range = parts.length === 1 ? /^(-?\d+)\.\.(-?\d+)$|^(\w)\.\.(\w)$/.exec(only) : null;
  if (!range) return parts.length === 1 ? [`\\{${only}\\}`] : [...parts];
  const [, from, to, first, last] = range;
  const [start, end] = from !== undefined ? [Number(from), Number(to)] : [codeOf(first), codeOf(last)];
  const count = Math.min(Math.abs(end - start), 10_000) + 1;
  const numbers = Array.from({ length: count }, (_, index) => start + Math.sign(end - start) * index);
  return numbers.map((each) => (from !== undefined ? String(each) : String.fromCharCode(each)));
}

function codeOf(letter: string | undefined): number {
  return letter?.charCodeAt(0) ?? 0;
}

/**
 * The paths that a pattern matches, as an expression: `**` crosses folders, `*` and `?` do not, `[a-c]` is a letter,
 * `@(a|b)` and its kin are choices.
 *
 * @param bound what to do with what has no exact expression: match at least what it does, or give undefined
 */
export function expressionOf(pattern: string, bound: 'at least' | 'exact'): RegExp | undefined {
  const bodies = branches(pattern).map((each) => bodyOf(each, bound));
  if (bodies.includes(undefined)) return undefined;
  return new RegExp(`^(?:${bodies.join('|')})$`);
}

const tokens =
  /\\.|\/\*\*(?=\/|$)|\*\*\/|\*+|[@?*+!]\([^()]*\)|\?|\[(?:[!^]?\]?)(?:\[:\w+:\]|\\.|[^\]])*\]|[\s\S]/g;

function bodyOf(pattern: string, bound: 'at least' | 'exact'): string | undefined {
  let body = '';
  // Choices first: `*(a|b)` is no star.
  const ordered = new RegExp(`[@?*+!]\\([^()]*\\)|${tokens.source}`, 'g');
  for (const [token] of pattern.matchAll(ordered)) {
    const text = expressionOfToken(token, bound);
    if (text === undefined) return undefined;
    body += text;
  }
  return body;
}

function expressionOfToken(token: string, bound: 'at least' | 'exact'): string | undefined {
  if (token === '/**') return '(?:/.*)?';
  if (token === '**/') return '(?:[^/]+/)*';
  if (/^\*+$/.test(token)) return '[^/]*';
  if (token === '?') return '[^/]';
  if (token.startsWith('\\')) return literal(token.slice(1));
  if (token.startsWith('[') && token.length > 2) return letterOf(token, bound);
  return /^[@?*+!]\(/.test(token) ? choiceOf(token, bound) : literal(token);
}

function letterOf(token: string, bound: 'at least' | 'exact'): string | undefined {
  if (/\[:\w+:\]/.test(token)) return bound === 'exact' ? undefined : '[^/]';
  const inner = token.slice(1, -1).replace(/^!/, '^').replace(/[[\]]/g, '\\$&');
  return `(?!/)[${inner}]`;
}

function choiceOf(token: string, bound: 'at least' | 'exact'): string | undefined {
  const kind = token[0] ?? '';
  const bodies = token
    .slice(2, -1)
    .split('|')
    .map((each) => bodyOf(each, bound));
  if (bodies.includes(undefined)) return undefined;
  const choice = `(?:${bodies.join('|')})`;
  if (kind === '!') return bound === 'exact' ? undefined : '[^/]*';
  return kind === '@' ? choice : `${choice}${kind}`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
