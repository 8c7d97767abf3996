/** The public names, and nothing else. */

export { type ElementOf, type Mapped, MappedArray, type TypedArray } from './arrays/arrays.ts';
export type { CallOverrides } from './calls/calls.ts';
export * as errors from './errors/errors.ts';
export type {
  CacheEvent,
  CacheEventKind,
  CacheEventOf,
  HitSource,
  MissReason,
  RemoteEvent,
  SkipReason,
  StorageTier,
} from './events/events.ts';
export type { FunctionFacts } from './fingerprint/fingerprint.ts';
export type { CacheMethod, Wrapper } from './memory/cache-method.ts';
export type { CachedFunction } from './memory/cached-function.ts';
export type { CachedCallOf, ResultIn } from './memory/call-types.ts';
export type { EntryList, EntryQuery } from './memory/entries.ts';
export type { Difference, Explanation } from './memory/explain.ts';
export { Memory, type MemoryEvent } from './memory/memory.ts';
export type { NotCacheable, OnlyUnstorable, StorableVerdict } from './memory/not-cacheable.ts';
export { type ShelvedReference, ShelvedResult } from './memory/shelved-result.ts';
export type { FunctionStatistics, MemoryStatistics } from './memory/statistics.ts';
export type { StaleResult, Verification, VerifyOptions } from './memory/verifier.ts';
export {
  type AgeLimit,
  type CacheOptions,
  type Compression,
  type Duration,
  type EntryInfo,
  type EntryTier,
  expiresAfter,
  type MemoryOptions,
  type MmapMode,
  type RemoteOptions,
  type RemoteRequest,
  type SignatureKey,
} from './options/options.ts';
export type { ExportQuery, ImportOptions, ImportProgress, ImportReport, PackOrigin } from './packs/packs.ts';
export type { ElsewhereTotals } from './portable/portable.ts';
export type { Removed, StorageStatus } from './store/store.ts';
export type { SizeLimits } from './upkeep/upkeep.ts';
export { type ClassWithCodec, type Codec, type CodecDefinition, defineCodec } from './values/values.ts';
