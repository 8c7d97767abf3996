/** The last calls of a memory, as its events tell of them. */
import type { CacheEvent, CacheEventKind, Memory, MissReason, SkipReason } from 'keepsake';

export const REMEMBERED_CALLS = 200;

export interface CallRecord {
  readonly at: number;
  readonly functionId: string;
  readonly key: string;
  readonly kind: 'hit' | 'waited' | 'computing' | 'computed' | 'elsewhere';
  /** Which tier answered a hit; why it was computed otherwise. */
  readonly reason: string;
  readonly ms: number | undefined;
  /** What a hit would have taken to compute, less what it took to load: negative where loading is the slower way. */
  readonly savedMs: number;
  readonly sizeBytes: number | undefined;
  readonly skipped: SkipReason | undefined;
  readonly isStale: boolean;
}

const missTexts: Readonly<Record<MissReason, string>> = {
  absent: 'nothing is stored for these arguments and this code',
  forced: 'it was asked for anew',
  expired: 'the entry is too old',
  invalid: 'the validator refused the entry',
  'validator-threw': 'the validator threw an error',
  damaged: 'the entry is damaged',
  format: 'the entry is of another format',
  ambiguous: 'another function has the same identity: give one of them another id, or declare its captures',
  untold: 'a part of its key cannot be told: the console says which, and what would help',
  'no-storage': 'this memory stores nothing',
  'storage-failed': 'the storage failed',
};

export const missText = (reason: string): string => Reflect.get(missTexts, reason) ?? reason;

const skipTexts: Readonly<Record<SkipReason, string>> = {
  unserializable: 'the result cannot be stored: the console says which part of it',
  'arguments-changed': 'an argument changed while it was computed: pass a copy',
  'stream-unfinished': 'its stream was not read to the end',
  'code-changed': 'its code changed while it ran',
  'changed-while-storing': 'the result changed before it was stored: return a copy',
  aborted: 'it was cancelled',
  'too-large': 'it is larger than a page can read again',
  'not-worth-keeping': 'storeIf refused it',
  ambiguous: 'another function has the same identity: give one of them another id',
  untold: 'a part of its key cannot be told',
  'no-identity': 'it has no id: give one, or use the build plugin',
  cleared: 'the storage was cleared meanwhile',
  'storage-full': 'the storage is full: clear some of it under Origin',
  'storage-failed': 'the storage failed',
  'no-storage': 'this memory stores nothing',
  'revalidation-failed': 'renewing it failed; the older result stays',
};

export const skipText = (reason: SkipReason): string => skipTexts[reason] ?? reason;

const kinds: readonly CacheEventKind[] = ['hit', 'miss', 'compute', 'store', 'skip', 'remote'];

export class CallHistory {
  /** The latest first. */
  calls: readonly CallRecord[] = [];
  /** Keys that other tabs compute at this time, as far as they tell. */
  readonly elsewhere = new Map<string, string>();

  /** Listens until the signal fires. */
  follow(memory: Memory, signal: AbortSignal, onChange: () => void): void {
    for (const kind of kinds) {
      memory.addEventListener(
        kind,
        ({ detail }) => {
          this.#hear(detail);
          onChange();
        },
        { signal },
      );
    }
  }

  #hear(event: CacheEvent): void {
    switch (event.kind) {
      case 'hit': {
        const { functionId, key, reason, ms, savedMs, sizeBytes, isStale } = event;
        const kind = reason === 'in-flight' ? 'waited' : 'hit';
        this.#add({ functionId, key, reason, ms, savedMs: savedMs - ms, sizeBytes, isStale, kind });
        return;
      }
      case 'miss':
        this.#add({ functionId: event.functionId, key: event.key, reason: event.reason, kind: 'computing' });
        return;
      case 'compute':
        this.#update(event.key, { kind: 'computed', ms: event.computeMs });
        return;
      case 'store':
        this.#update(event.key, { sizeBytes: event.sizeBytes });
        return;
      case 'skip':
        this.#update(event.key, { skipped: event.reason });
        return;
      case 'remote':
        for (const { key, functionId = '' } of event.entries) {
          if (event.reason === 'computing') this.elsewhere.set(key, functionId);
          else if (event.reason === 'settled' || event.reason === 'stored') this.elsewhere.delete(key);
        }
    }
  }

  #add(call: Pick<CallRecord, 'functionId' | 'key' | 'reason' | 'kind'> & Partial<CallRecord>): void {
    const record = {
      ...{
        at: Date.now(),
        ms: undefined,
        savedMs: 0,
        sizeBytes: undefined,
        skipped: undefined,
        isStale: false,
      },
      ...call,
    };
    this.calls = [record, ...this.calls.slice(0, REMEMBERED_CALLS - 1)];
  }

  #update(key: string, change: Partial<CallRecord>): void {
    const at = this.calls.findIndex(
      (call) => call.key === key && call.kind !== 'hit' && call.kind !== 'waited',
    );
    this.calls = this.calls.map((call, place) => (place === at ? { ...call, ...change } : call));
  }
}
