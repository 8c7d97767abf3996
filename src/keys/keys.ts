/** From a call to its key: by value, canonical, the same in every realm and process. */
export type { IgnoredPath } from './ignored-paths.ts';
export { KEY_FORMAT } from './key-format.ts';
export {
  type CallKey,
  type CallParts,
  type KeyHasher,
  openKeyHasher,
} from './key-hasher.ts';
export { loadRareKinds } from './late-kinds.ts';
export type { KeyOptions, Part } from './part-context.ts';
export type { Token } from './walk.ts';
