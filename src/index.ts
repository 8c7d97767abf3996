/** The public names, and nothing else. */

export { type ElementOf, type Mapped, MappedArray, type TypedArray } from './arrays/arrays.ts';
export * as errors from './errors/errors.ts';
export type {
  CacheEvent,
  CacheEventKind,
  CacheEventOf,
  HitSource,
  MissReason,
  SkipReason,
  StorageTier,
} from './events/events.ts';
export type { FunctionFacts } from './fingerprint/fingerprint.ts';
export type { CacheMethod, Wrapper } from './memory/cache-method.ts';
export type { CachedFunction, ResultIn } from './memory/cached-function.ts';
export type { Removed } from './memory/context.ts';
export type { EntryQuery } from './memory/entries.ts';
export type { EntryInfo } from './memory/entry-info.ts';
export { type AgeLimit, type Duration, expiresAfter } from './memory/expires-after.ts';
export type { Difference, Explanation } from './memory/explain.ts';
export type { CallOverrides } from './memory/function-calls.ts';
export type { SizeLimits } from './memory/maintenance.ts';
export { Memory, type MemoryEvent } from './memory/memory.ts';
export type { CacheOptions, Compression, MemoryOptions, MmapMode } from './memory/options.ts';
export { type ShelvedReference, ShelvedResult } from './memory/shelved-result.ts';
export type { FunctionStatistics, MemoryStatistics } from './memory/statistics.ts';
export type { StorageStatus } from './memory/store.ts';
export type { Codec } from './values/values.ts';
