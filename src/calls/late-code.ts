/** The part that reads code; with it comes what hashes all kinds of values, so that what it hashes needs no turn. */
import { Chunk } from '../chunks/chunks.ts';
import { loadRareKinds } from '../keys/keys.ts';

export type CodeReader = typeof import('./code.ts');

export const codeReader = new Chunk<CodeReader>(async () => {
  const [module] = await Promise.all([import('./code.ts'), loadRareKinds()]);
  return module;
});
