/** Who computed what, as the tabs of one schedule tell it; and whether that was as often as it had to be. */
import type { Told } from '../pages/tabs.ts';

type Tab = object;

interface Computation {
  readonly tab: Tab;
  readonly serial: number;
  /** How it ended. A tab that is closed says nothing more. */
  end: 'none' | 'left' | 'stored' | 'refused' | 'given-up';
}

export class TabLedger {
  readonly #byKey = new Map<number, Computation[]>();
  readonly #closed = new Set<Tab>();
  /** The last serial numbers when each clear() began and ended. Between them a computation may be kept or not. */
  readonly #clears: { readonly began: number; ended: number }[] = [];
  /** Calls that all tabs together have under way at most. */
  readonly #atOnce: number;
  #serial = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  get computations(): number {
    return this.#serial;
  }

  get closed(): number {
    return this.#closed.size;
  }

  /** Computations beyond the first of their key. */
  get again(): number {
    return this.#serial - this.#byKey.size;
  }

  /** Returns the serial number of a computation that is entered; `serial` is that of the one that tells. */
  hear(tab: Tab, what: Told, key: number, serial?: number): number {
    if (what === 'enter') return this.#enter(tab, key);
    const clear = this.#clears.at(-1);
    if (what === 'clearing') this.#clears.push({ began: this.#serial, ended: Number.POSITIVE_INFINITY });
    if (what === 'cleared' && clear) clear.ended = this.#serial;
    const all = this.#byKey.get(key)?.filter((each) => each.tab === tab) ?? [];
    const own =
      serial === undefined
        ? // An event of the memory: what was given up is told once it has returned after all, and another may run beside it.
          what === 'give-up'
          ? all.find(({ end }) => end === 'left')
          : all.at(-1)
        : all.find((each) => each.serial === serial);
    if (own && what === 'leave') own.end = 'left';
    if (own && what === 'stored') own.end = 'stored';
    if (own && what === 'refused') own.end = 'refused';
    if (own && what === 'give-up') own.end = 'given-up';
    return this.#serial;
  }

  close(tab: Tab): void {
    this.#closed.add(tab);
  }

  /** What is not as it must be, given the serials of what is stored at the end. */
  check(stored: ReadonlyMap<number, number>): string[] {
    const lastClear = this.#clears.at(-1)?.began ?? 0;
    const wrong: string[] = [];
    for (const [key, all] of this.#byKey) {
      const kept = all.slice(0, -1).filter((each) => !this.#isVoid(each));
      for (const { serial, end } of kept) wrong.push(`${key} was computed again after ${serial} (${end})`);
      const isKept = all.some(({ end, serial }) => end === 'stored' && serial > lastClear);
      // What is stored just when another tab clears may go with the rest.
      if (isKept && this.#clears.length === 0 && !stored.has(key))
        wrong.push(`${key} was stored, and is lost`);
    }
    for (const [key, serial] of stored) {
      if (serial <= lastClear)
        wrong.push(`${key} of computation ${serial} came back after a clear at ${lastClear}`);
    }
    return wrong;
  }

  #enter(tab: Tab, key: number): number {
    this.#serial += 1;
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), { tab, serial: this.#serial, end: 'none' }]);
    return this.#serial;
  }

  /**
   * Before another computation of the key each one must have come to nothing: its tab closed, its callers gone, cleared
   * since, or refused because its call began before the end of a clear, which a tab that is closed does not live to tell.
   */
  #isVoid({ tab, serial, end }: Computation): boolean {
    const isCleared = this.#clears.some(({ ended }) => serial <= ended);
    const isRefused = end === 'refused' && this.#clears.length > 0;
    const isClosed = this.#closed.has(tab);
    const mayBeRefused = this.#clears.some(({ ended }) => serial <= ended + this.#atOnce);
    return end === 'given-up' || isRefused || isCleared || (isClosed && (end !== 'stored' || mayBeRefused));
  }
}
