/** Checks stored results against the code as it runs now: a share of the hits in the background, or all that were seen. */
import type { CallWitness, MemoryContext, Staleness, WitnessedCall } from '../calls/calls.ts';
import { buildMode } from '../options/options.ts';
import { previewOf } from '../values/values.ts';

export interface VerifyOptions {
  /** Only calls of this function. */
  readonly functionId?: string;
  /** Only the call with this key, as entries() lists it. */
  readonly key?: string;
  /** At most so many calls, the last ones first. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** A stored result that the function does not return any more. It was removed. */
export interface StaleResult extends Staleness {
  readonly functionId: string;
  readonly key: string;
  readonly argumentsPreview: string;
}

export interface Verification {
  /** Calls whose stored result was compared. */
  readonly verified: number;
  /** Calls that could not be: nothing is stored, the arguments have changed, or the function threw. */
  readonly unknown: number;
  readonly stale: readonly StaleResult[];
}

/** Calls that are remembered, with their arguments. */
const REMEMBERED = 2_000;
/** Of typed arrays and buffers among these arguments. */
const REMEMBERED_BYTES = 16 * 2 ** 20;
/** Pages that have just called something have better to do. */
const PAUSE_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;

const byteLengthOf = (value: unknown): number =>
  ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? value.byteLength : 0;

/** Bytes of memory that the arguments hold, as far as that can be seen at a glance. */
function bytesIn(args: readonly unknown[]): number {
  let bytes = 0;
  for (const arg of args) {
    bytes += byteLengthOf(arg);
    if (typeof arg !== 'object' || arg === null || ArrayBuffer.isView(arg)) continue;
    for (const name in arg) bytes += byteLengthOf(Object.getOwnPropertyDescriptor(arg, name)?.value);
  }
  return bytes;
}

async function whenIdle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  if (typeof requestIdleCallback === 'undefined') return; // workers, and Safari
  await new Promise((resolve) => requestIdleCallback(resolve, { timeout: LONGEST_WAIT_MS }));
}

const cures = {
  'code-changed':
    'Computing it twice gives the same: something that its key does not hold has changed, such as a helper or a captured value; use the build plugin, or give "version", "depends" or "captures"',
  'not-deterministic':
    'Computing it twice gives two results: it reads a clock, randomness or other state; give it that as an argument, or do not cache it',
} as const;

interface Seen {
  readonly call: WitnessedCall;
  readonly bytes: number;
}

export class Verifier implements CallWitness {
  readonly #context: () => MemoryContext;
  readonly #share: number | 'once';
  /** The last calls of this realm by key. */
  readonly #seen = new Map<string, Seen>();
  #seenBytes = 0;
  /** Hits to be verified when there is time. */
  readonly #due = new Map<string, WitnessedCall>();
  readonly #looked = new Set<string>();
  readonly #noticed = new Set<string>();
  #isAtWork = false;

  constructor(context: () => MemoryContext, share: number | 'once') {
    this.#context = context;
    this.#share = share;
  }

  note(call: WitnessedCall, isHit: boolean): void {
    this.#remember(call);
    if (!isHit || !this.#isDue(call)) return;
    this.#due.set(call.key, call);
    if (!this.#isAtWork) void this.#work();
  }

  /** Never removes what cannot be told for certain. @throws the reason of the signal */
  async verify({ functionId, key, limit = REMEMBERED, signal }: VerifyOptions): Promise<Verification> {
    const all = [...this.#seen.values()].reverse().map(({ call }) => call);
    const asked = all
      .filter((call) => functionId === undefined || call.functionId === functionId)
      .filter((call) => key === undefined || call.key === key)
      .slice(0, limit);
    const stale: StaleResult[] = [];
    let unknown = 0;
    for (const call of asked) {
      signal?.throwIfAborted();
      const found = await this.#check(call);
      if (found === 'unknown') unknown += 1;
      else if (found !== 'same') stale.push(found);
    }
    return { verified: asked.length - unknown, unknown, stale };
  }

  #remember(call: WitnessedCall): void {
    const { key, args } = call;
    this.#forget(key);
    const bytes = bytesIn(args);
    if (bytes > REMEMBERED_BYTES) return;
    this.#seen.set(key, { call, bytes });
    this.#seenBytes += bytes;
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= REMEMBERED && this.#seenBytes <= REMEMBERED_BYTES) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#seenBytes -= this.#seen.get(key)?.bytes ?? 0;
    this.#seen.delete(key);
  }

  #isDue({ functionId }: WitnessedCall): boolean {
    if (this.#share !== 'once') return Math.random() < this.#share;
    if (buildMode() !== 'development' || this.#looked.has(functionId)) return false;
    this.#looked.add(functionId);
    return true;
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    await whenIdle();
    for (const [key, call] of this.#due) {
      while (this.#context().flights.size > 0 && !this.#context().isClosed) await whenIdle();
      if (this.#context().isClosed) this.#due.clear();
      else await this.#check(call);
      this.#due.delete(key);
    }
    this.#isAtWork = false;
  }

  async #check(call: WitnessedCall): Promise<StaleResult | 'same' | 'unknown'> {
    const verdict = await call.verify();
    if (verdict.kind !== 'stale') return verdict.kind;
    const { reason, path } = verdict;
    const { functionId, key } = call;
    const context = this.#context();
    await context.deleteKeys([key]).catch(() => undefined); // it was closed meanwhile
    this.#forget(key);
    const argumentsPreview = previewOf(call.args);
    context.emit({ kind: 'stale', functionId, key, reason, path, argumentsPreview });
    this.#notice(functionId, argumentsPreview, verdict);
    return { functionId, key, argumentsPreview, reason, path };
  }

  #notice(id: string, args: string, { reason, path }: Staleness): void {
    if (this.#noticed.has(id)) return;
    this.#noticed.add(id);
    console.error(
      `[keepsake] ${id}${args}: the stored result is not what is computed now, and was removed; it differs first at ${path}. ${cures[reason]}`,
    );
  }
}
