import type { Program } from './program.ts';
import type { RandomSource } from './random-source.ts';

export interface Mutation {
  readonly file: string;
  readonly source: string;
  readonly what: string;
}

const operators = ['+', '-', '*', '^'];

/** Changes one token or removes one line of one module; undefined where the pick offers nothing to change. */
export function mutate(random: RandomSource, program: Program): Mutation | undefined {
  const file = random.pick([...program.keys()]);
  const source = program.get(file) ?? '';
  const kind = random.next();
  if (kind < 0.45)
    return replaceOne(random, { file, source }, /(?<=[\s(+*=,[])\d+(?=[\s;),\]}])/g, (text) =>
      String(Number(text) + random.integer(1, 5)),
    );
  if (kind < 0.7)
    return replaceOne(
      random,
      { file, source },
      / [-+*^] /g,
      (text) => ` ${random.pick(operators.filter((each) => each !== text.trim()))} `,
    );
  if (kind < 0.8)
    return replaceOne(random, { file, source }, / (?:<|>|===|&&|\|\|) /g, (text) =>
      text === ' && ' ? ' || ' : text === ' || ' ? ' && ' : ' >= ',
    );
  if (kind < 0.9)
    return replaceOne(
      random,
      { file, source },
      /^(?!import|export|function|class|const|let|namespace).+;$/gm,
      () => '',
    );
  if (kind < 0.95)
    return replaceOne(random, { file, source }, /'[ab]'/g, (text) => (text === "'a'" ? "'b'" : "'a'"));
  return replaceOne(random, { file, source }, /\b(?:i|v|y)\b(?=[ )])/g, (text) => (text === 'y' ? '1' : '0'));
}

function replaceOne(
  random: RandomSource,
  { file, source }: { file: string; source: string },
  pattern: RegExp,
  change: (text: string) => string,
): Mutation | undefined {
  const matches = [...source.matchAll(pattern)];
  if (matches.length === 0) return undefined;
  const match = random.pick(matches);
  const [text] = match;
  const next = change(text);
  const mutated = `${source.slice(0, match.index)}${next}${source.slice(match.index + text.length)}`;
  return { file, source: mutated, what: `${file}: ${text} -> ${next} in ${lineAround(source, match.index)}` };
}

function lineAround(source: string, at: number): string {
  const end = source.indexOf('\n', at);
  return source.slice(source.lastIndexOf('\n', at) + 1, end === -1 ? undefined : end).slice(0, 160);
}
