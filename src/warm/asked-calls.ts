/** Which results were asked for, and which of them are to be packed. */
import type { EntryInfo, Memory } from 'keepsake';
import type {
  AskedWithin,
  ComputedCall,
  PackedFunction,
  UnpackedCall,
  WarmReport,
} from '../warm-protocol/warm-protocol.ts';

type AskedMemory = Pick<Memory, 'addEventListener' | 'entries' | 'delete'>;

/** So many entries are deleted at once. */
const PAGE = 500;

/**
 * A cached function that calls another one asks for its result only when it computes. So each build is told what was
 * asked for within the calls of the last one: what a hit would ask for is kept with it, and not computed again when only
 * the outer function changes.
 */
export class AskedCalls {
  readonly #memory: AskedMemory;
  /** Of every key that was asked for, its function's id. */
  readonly #asked = new Map<string, string>();
  readonly #whyNot = new Map<string, string>();
  readonly #within = new Map<string, Set<string>>();
  /** Keys of functions that run. */
  readonly #running = new Set<string>();
  #computed: ComputedCall[] = [];

  constructor(memory: AskedMemory) {
    this.#memory = memory;
    memory.addEventListener('hit', ({ detail }) => this.#ask(detail));
    memory.addEventListener('miss', ({ detail }) => {
      this.#ask(detail);
      this.#running.add(detail.key);
      this.#within.set(detail.key, new Set());
    });
    memory.addEventListener('compute', ({ detail: { key, functionId, computeMs } }) => {
      this.#running.delete(key);
      this.#computed.push({ functionId, computeMs });
    });
    memory.addEventListener('skip', ({ detail: { key, reason } }) => void this.#whyNot.set(key, reason));
  }

  /** Ends a call of the list. @returns What was computed in it. */
  end(): ComputedCall[] {
    const computed = this.#computed;
    this.#computed = [];
    this.#running.clear(); // what threw was not computed
    return computed;
  }

  /** Deletes what is not to be packed. @param before What was asked for within the calls of the last pack */
  async settle(before: AskedWithin): Promise<WarmReport> {
    const within: AskedWithin = {
      ...before,
      ...Object.fromEntries([...this.#within].map(([key, keys]) => [key, [...keys]])),
    };
    const listed: EntryInfo[] = [];
    for await (const entry of this.#memory.entries()) listed.push(entry);
    const wanted = this.#wanted(listed, within);
    const unwanted = listed.filter(({ key }) => !wanted.has(key)).map(({ key }) => key);
    for (let at = 0; at < unwanted.length; at += PAGE)
      await this.#memory.delete(...unwanted.slice(at, at + PAGE));
    const kept = listed.filter(({ key }) => wanted.has(key));
    return {
      functions: functionsOf(kept.filter((each) => !isSource(each))),
      unpacked: this.#unpacked(kept),
      leftOut: unwanted.length,
      within: Object.fromEntries(
        Object.entries(within).filter(([key, keys]) => wanted.has(key) && keys.length > 0),
      ),
    };
  }

  #ask({ key, functionId }: { readonly key: string; readonly functionId: string }): void {
    this.#asked.set(key, functionId);
    for (const outer of this.#running) if (outer !== key) this.#within.get(outer)?.add(key);
  }

  /** Calls that ran at once count as within each other: of a function whose code is another one by now, none is. */
  #wanted(listed: readonly EntryInfo[], within: AskedWithin): Set<string> {
    const current = listed.filter(({ key }) => this.#asked.has(key));
    const functions = new Set(current.map(({ functionId }) => functionId));
    const codes = new Set(current.map(({ functionKey }) => functionKey));
    const replaced = new Set(
      listed
        .filter(({ functionId, functionKey }) => functions.has(functionId) && !codes.has(functionKey))
        .map(({ key }) => key),
    );
    const reached = new Set(this.#asked.keys());
    // A set gives what is added while it is read.
    for (const key of reached)
      for (const each of within[key] ?? []) if (!replaced.has(each)) reached.add(each);
    return reached;
  }

  #unpacked(kept: readonly EntryInfo[]): UnpackedCall[] {
    const stored = new Set(kept.map(({ key }) => key));
    const missing = [...this.#asked].filter(([key]) => !stored.has(key));
    return [
      ...missing.map(([key, functionId]) => ({
        functionId,
        reason: this.#whyNot.get(key) ?? 'not stored',
      })),
      ...kept
        .filter(isSource)
        .map(({ functionId }) => ({ functionId, reason: 'its code is known by its source only' })),
    ];
  }
}

/** As export() leaves it out: a helper may be another one elsewhere. */
const isSource = ({ identity = 'source' }: EntryInfo): boolean => identity.split(':', 1)[0] === 'source';

function functionsOf(packed: readonly EntryInfo[]): PackedFunction[] {
  const functions = new Map<string, PackedFunction>();
  for (const { functionId, sizeBytes } of packed) {
    const { entries, bytes } = functions.get(functionId) ?? { entries: 0, bytes: 0 };
    functions.set(functionId, { functionId, entries: entries + 1, bytes: bytes + sizeBytes });
  }
  return [...functions.values()];
}
