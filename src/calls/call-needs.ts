/** What a function's calls need beside plain arguments to be told apart. */
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import type { FunctionOptions } from '../options/options.ts';

/** With trustVersion the caller's word stands for what the function captures, too. */
export const factsOf = (
  options: FunctionOptions,
  facts: FunctionFacts | undefined,
): FunctionFacts | undefined => (options.trustVersion ? undefined : facts);

/** Whether captured values are part of the key. */
export function hasCaptures(options: FunctionOptions, facts: FunctionFacts | undefined): boolean {
  const known = factsOf(options, facts);
  return [options.captures, known?.captures, known?.thisProps].some(Boolean);
}

/** Whether nothing but the function's own source tells it from a closure of the same source. */
export function isToBeClaimed({ captures, trustVersion }: FunctionOptions, facts: FunctionFacts | undefined) {
  const isWhole = facts && !facts.flags?.includes('partial');
  return !(isWhole || captures || trustVersion);
}

/** Whether the part that reads code and receivers has a say in the keys. */
export const needsCode = (
  options: FunctionOptions,
  facts: FunctionFacts | undefined,
  readsReceiver: boolean,
): boolean =>
  readsReceiver ||
  options.depends !== undefined ||
  hasCaptures(options, facts) ||
  (factsOf(options, facts)?.state?.length ?? 0) > 0 ||
  isToBeClaimed(options, facts);
