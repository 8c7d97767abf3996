/** Where two values begin to differ, as keys tell values apart. */
import { fieldStep, indexStep, kindOf, pathText } from '../values/values.ts';

export type Digest = (value: unknown) => string | Promise<string>;

type Member = readonly [step: string, value: unknown];

/** The members of what is walked into; none of anything else. */
function membersOf(value: unknown): readonly Member[] {
  const kind = kindOf(value);
  if (kind === 'array' || kind === 'typed-array')
    return Array.from(value as ArrayLike<unknown>, (item, at) => [indexStep(at), item]); // both kinds are
  if (kind === 'map')
    return [...(value as Map<unknown, unknown>)].flatMap(([key, item], at): Member[] => [
      [`.keys()[${at}]`, key],
      [`.values()[${at}]`, item],
    ]);
  if (kind !== 'object' && kind !== 'instance') return [];
  return Object.entries(value as object).map(([name, item]) => [fieldStep(name), item]); // the kind says so
}

/** The first member of either that differs from the other's. */
async function differingMember(
  one: unknown,
  other: unknown,
  digest: Digest,
): Promise<readonly [step: string, one: unknown, other: unknown] | undefined> {
  if (kindOf(one) !== kindOf(other)) return undefined;
  const others = new Map(membersOf(other));
  const all = new Map(membersOf(one));
  for (const step of others.keys()) if (!all.has(step)) all.set(step, undefined);
  for (const [step, value] of all) {
    const counterpart = others.get(step);
    if (Object.is(value, counterpart) && others.has(step)) continue;
    if (!others.has(step) || (await digest(value)) !== (await digest(counterpart)))
      return [step, value, counterpart];
  }
  return undefined;
}

/** The path to the first difference between two values that differ: 'result.layers[2].bias'. */
export async function firstDifference(one: unknown, other: unknown, digest: Digest): Promise<string> {
  const steps: string[] = [];
  let pair: readonly [unknown, unknown] = [one, other];
  for (;;) {
    const found = await differingMember(...pair, digest);
    if (!found) return pathText('result', steps);
    steps.push(found[0]);
    pair = [found[1], found[2]];
  }
}
