import type { RandomSource } from '../../plugin/random/random-source.ts';

export interface Edit {
  readonly file: string;
  readonly source: string;
  readonly what: string;
}

interface Kind {
  readonly pattern: RegExp;
  readonly change: (random: RandomSource, text: string) => string;
}

const other = (random: RandomSource, text: string, all: readonly string[]): string =>
  random.pick(all.filter((each) => each !== text));

/** What people change by hand: a number, an operator, a condition, a name, a line. */
const kinds: readonly Kind[] = [
  {
    pattern: /(?<=[\s(+*=,[\-/])\d+(?:\.\d+)?(?=[\s;),\]}*/])/g,
    change: (random, text) => String(Number(text) + random.integer(1, 5)),
  },
  { pattern: /(?<= )[-+*/](?= )/g, change: (random, text) => other(random, text, ['+', '-', '*', '/']) },
  {
    pattern: /(?<= )(?:<|>|<=|>=|===|!==)(?= )/g,
    change: (random, text) => other(random, text, ['<', '>', '<=', '>=', '===', '!==']),
  },
  { pattern: /(?<= )(?:&&|\|\|)(?= )/g, change: (_, text) => (text === '&&' ? '||' : '&&') },
  {
    pattern: /\bMath\.(?:sin|cos|abs|sqrt|max|min|floor|ceil|round)\b/g,
    change: (random, text) =>
      other(random, text, [
        'Math.sin',
        'Math.cos',
        'Math.abs',
        'Math.sqrt',
        'Math.max',
        'Math.min',
        'Math.floor',
        'Math.round',
      ]),
  },
  {
    pattern:
      /^\s+(?!return|import|export|const|let|var|function|class|case|default|if|else|for|while|\}|\*|\/)[\w.[\]]+ (?:[-+*]?=) .+;$/gm,
    change: () => '',
  },
  { pattern: /(?<=this\.)[a-z]\w*(?= [-+*]?= )/g, change: (_, text) => `${text}2` },
  { pattern: /\b(?:true|false)\b/g, change: (_, text) => (text === 'true' ? 'false' : 'true') },
  {
    pattern: /(?<=[(\s,])'[a-zA-Z ]+'|"[a-zA-Z ]+"(?=[),;\s])/g,
    change: (_, text) => `${text.slice(0, -1)}x${text.slice(-1)}`,
  },
  { pattern: /\.(?:prototype|call|apply)\b/g, change: (_, text) => (text === '.call' ? '.apply' : text) },
];

/** Changes one place of one file; undefined where the pick offers nothing. */
export function editOne(random: RandomSource, files: ReadonlyMap<string, string>): Edit | undefined {
  const file = random.pick([...files.keys()]);
  const source = files.get(file) ?? '';
  const { pattern, change } = random.pick(kinds);
  const matches = [...source.matchAll(pattern)];
  if (matches.length === 0) return undefined;
  const match = random.pick(matches);
  const next = change(random, match[0]);
  if (next === match[0]) return undefined;
  const line = source
    .slice(source.lastIndexOf('\n', match.index) + 1)
    .split('\n', 1)[0]
    ?.trim();
  return {
    file,
    source: `${source.slice(0, match.index)}${next}${source.slice(match.index + match[0].length)}`,
    what: `${match[0]} -> ${next} in ${line}`,
  };
}
