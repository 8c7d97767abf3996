/** What happens to cached calls, as one typed union. Data only: the Memory dispatches it. */

/** Why a call was not answered from what is stored; 'untold': a part of its key cannot be told for certain. */
export type MissReason =
  | 'absent'
  | 'forced'
  | 'expired'
  | 'invalid'
  | 'validator-threw'
  | 'damaged'
  | 'format'
  | 'ambiguous'
  | 'untold'
  | 'no-storage'
  | 'storage-failed';

/** Why a computed value was not kept, or not kept on disk. */
export type SkipReason =
  | 'unserializable'
  | 'arguments-changed'
  | 'stream-unfinished'
  | 'code-changed'
  | 'changed-while-storing'
  | 'aborted'
  | 'too-large'
  | 'not-worth-keeping'
  | 'ambiguous'
  | 'untold'
  | 'no-identity'
  | 'cleared'
  | 'storage-full'
  | 'storage-failed'
  | 'no-storage'
  | 'revalidation-failed';

/** Which tier answered a hit. */
export type HitSource = 'memory' | 'storage' | 'in-flight' | 'pack' | 'remote';

interface OfCall {
  readonly functionId: string;
  readonly key: string;
}

export type CacheEvent =
  | RemoteEvent
  | (OfCall & {
      readonly kind: 'hit';
      readonly reason: HitSource;
      readonly isStale: boolean;
      readonly ms: number;
      readonly savedMs: number;
      readonly sizeBytes: number;
    })
  | (OfCall & { readonly kind: 'miss'; readonly reason: MissReason; readonly error?: unknown })
  | (OfCall & { readonly kind: 'compute'; readonly reason: MissReason; readonly computeMs: number })
  | (OfCall & {
      readonly kind: 'store';
      readonly reason: 'computed' | 'replaced' | 'flushed' | 'imported';
      readonly sizeBytes: number;
      readonly storeMs: number;
    })
  | (OfCall & {
      readonly kind: 'skip';
      readonly reason: SkipReason;
      readonly error?: unknown;
      /** The first argument, or member of one, that changed. */
      readonly path?: string;
    })
  | (OfCall & {
      readonly kind: 'evict';
      readonly reason: 'max-bytes' | 'storage-full' | 'reduce-size' | 'superseded';
      readonly sizeBytes: number;
    })
  | (OfCall & {
      /** A result that was verified is not what the function returns now; it was removed. */
      readonly kind: 'stale';
      /** 'code-changed': computing twice agrees with itself. */
      readonly reason: 'code-changed' | 'not-deterministic';
      /** Where the two begin to differ: 'result.weights[3]'. */
      readonly path: string;
      readonly argumentsPreview: string;
    })
  | (OfCall & { readonly kind: 'damaged'; readonly reason: string; readonly error?: unknown })
  | {
      readonly kind: 'delete';
      readonly reason: 'deleted' | 'cleared' | 'expired' | 'remote';
      readonly functionId?: string;
      readonly key?: string;
      /** The entries, where they were named; neither these nor a function: all of them. */
      readonly keys?: readonly string[];
      readonly removed: number;
      readonly freedBytes: number;
    }
  | {
      readonly kind: 'storage';
      /**
       * 'swept': leftovers of killed pages were looked for; `swept` says what was removed. 'compacted': dead bytes of
       * segments were given back.
       */
      readonly reason: string;
      readonly tier: StorageTier;
      readonly error?: unknown;
      readonly swept?: SweepReport;
      readonly compacted?: CompactionReport;
    };

/** What another page, or another Memory of this one, did to entries of the same memory. */
export interface RemoteEvent {
  readonly kind: 'remote';
  /**
   * 'used' is told when the uses are written down, up to 5 s later; the others within a quarter of a second. 'settled': a
   * computation that was told of has ended, kept or not. A page that is killed says nothing more.
   */
  readonly reason: 'stored' | 'used' | 'computing' | 'settled' | 'evicted';
  readonly entries: readonly { readonly key: string; readonly functionId?: string }[];
  /** There were more than are named: what is known of the memory's entries is to be read anew. */
  readonly isMore: boolean;
}

/** What a compaction gave back. */
export interface CompactionReport {
  /** Segments that were emptied and removed. */
  readonly segments: number;
}

/** What a sweep found and removed. */
export interface SweepReport {
  /** Files that no entry pointed at. */
  readonly orphans: number;
  /** Files whose last entry was removed while another realm held them. */
  readonly deadFiles: number;
  /** Entries whose file was gone. */
  readonly entries: number;
}

/** Which backend keeps the bytes, best first; 'none' where nothing is kept. */
export type StorageTier = 'sync' | 'writable' | 'indexeddb' | 'memory' | 'none';

export type CacheEventKind = CacheEvent['kind'];
export type CacheEventOf<Kind extends CacheEventKind> = Extract<CacheEvent, { readonly kind: Kind }>;
