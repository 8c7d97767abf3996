/** Names of a function's parameters, read from its source. Understands as much of the grammar as lies between two commas. */

/** One parameter: its name, or the text of its pattern. */
export type Parameter = string;

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
/** After these a slash begins a regular expression, not a division. */
const beforeRegexp = /(?:^|[=(,[{:;!&|?+\-*/%<>~^]|=>|\breturn|\btypeof|\bin|\bof|\bvoid)\s*$/;
const regexpLiteral = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const stringLiteral = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;

/** Where a sticky pattern's match at `at` ends; `at` where there is none. */
function endOf(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}

/** The end of a template, whose holes may hold anything. */
function endOfTemplate(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source[at] !== '`') {
    if (source[at] === '\\') at += 2;
    else if (source.startsWith('${', at)) at = endOfGroup(source, at + 1);
    else at += 1;
  }
  return at + 1;
}

/** The end of what is one thing to a reader of commas: a comment, a literal, a group in brackets; else of one character. */
function endOfItem(source: string, at: number): number {
  const character = source[at] ?? '';
  if (character === '/') {
    const end = endOf(comment, source, at);
    if (end > at) return end;
    if (beforeRegexp.test(source.slice(0, at))) return Math.max(at + 1, endOf(regexpLiteral, source, at));
  }
  if (character === '"' || character === "'") return Math.max(at + 1, endOf(stringLiteral, source, at));
  if (character === '`') return endOfTemplate(source, at);
  return character in closers ? endOfGroup(source, at) : at + 1;
}

/** The position after the bracket that closes the one at `start`. */
function endOfGroup(source: string, start: number): number {
  const closer = closers[source[start] ?? ''];
  let at = start + 1;
  while (at < source.length && source[at] !== closer) at = endOfItem(source, at);
  return at + 1;
}

/** The items of a text, comments apart. */
function* itemsOf(source: string): Generator<string> {
  for (let at = 0; at < source.length; ) {
    const end = endOfItem(source, at);
    const item = source.slice(at, end);
    if (!/^\/[/*]/.test(item)) yield item;
    at = end;
  }
}

/** Texts between the commas of a parameter list, without comments and defaults. */
function splitParameters(list: string): Parameter[] {
  const parameters: Parameter[] = [];
  let current = '';
  let isDefault = false;
  for (const item of itemsOf(list)) {
    if (item === ',') {
      parameters.push(current.trim());
      [current, isDefault] = ['', false];
    } else {
      isDefault ||= item === '=';
      if (!isDefault) current += item;
    }
  }
  if (current.trim() !== '') parameters.push(current.trim());
  return parameters;
}

const singleParameter = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u;

/** The text of an arrow function's parameter list; undefined for what is no arrow function. */
export function arrowParameters(source: string): string | undefined {
  const single = singleParameter.exec(source);
  if (single?.[1]) return single[1];
  const start = /^(?:async\s*)?(?=\()/.exec(source)?.[0].length;
  if (start === undefined) return undefined;
  const end = endOfGroup(source, start);
  return /^\s*=>/.test(source.slice(end)) ? source.slice(start + 1, end - 1) : undefined;
}

/** What comes before a function's parameter list: modifiers and a name. A computed name's brackets are an item of their own. */
const isHead = (text: string): boolean =>
  /^(?:(?:async|static|get|set|function)\b|[*\s]|[\p{ID_Continue}$#]|\[|"|')*$/u.test(text);

/**
 * The parameters by position: a name, or the text of a pattern such as `{ a, b }`; rest parameters without their dots.
 * undefined where the source says nothing: native functions, and classes.
 */
export function parametersOf(source: string): Parameter[] | undefined {
  const single = singleParameter.exec(source.replace(/\/\*[\s\S]*?\*\//g, ' '));
  if (single?.[1]) return [single[1]];
  if (/^class\b/.test(source) || /\{\s*\[native code\]\s*\}\s*$/.test(source)) return undefined;
  let head = '';
  for (const item of itemsOf(source)) {
    if (item.startsWith('('))
      return splitParameters(item.slice(1, -1)).map((each) => each.replace(/^\.\.\.\s*/, ''));
    head += item.startsWith('[') ? '[' : /^["']/.test(item) ? '"' : item;
    if (!isHead(head)) return undefined;
  }
  return undefined;
}
