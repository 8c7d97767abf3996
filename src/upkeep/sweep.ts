/** Puts right what killed pages left: files without an entry, entries without a file. */

import { leaseOf } from '../blobs/blobs.ts';
import { wait } from '../deferred/deferred.ts';
import type { SweepReport } from '../events/events.ts';
import { fileLock, heldLocks, sweepLock, withLock } from '../locks/locks.ts';
import type { Store } from '../store/store.ts';

/** Opening a store writes a throwaway file for some milliseconds: one that is still there after this is nobody's. */
const PROBE_MS = 5_000;

/** Chromium shows a file that createWritable() is writing under this ending; its lock has the plain name. */
const written = (file: string): string => file.replace(/\.crswap$/, '');

const isProbe = (file: string): boolean => /\/probe-[0-9a-f-]+(\.crswap)?$/.test(file);

/** Memories that were swept in this realm. */
const swept = new Set<string>();

/** Sweeps once per realm. */
export async function sweepOnce(store: Store): Promise<SweepReport | undefined> {
  if (swept.has(store.name)) return undefined;
  swept.add(store.name);
  return sweep(store);
}

/** Sweeps, unless another realm is at it. Leaves alone what any realm is writing. */
export function sweep(store: Store): Promise<SweepReport | undefined> {
  return withLock(sweepLock(store.name), { ifAvailable: true }, async (isHeld) =>
    isHeld && store.catalog.isPersistent ? new Sweep(store).run() : undefined,
  );
}

class Sweep {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async run(): Promise<SweepReport> {
    const { catalog } = this.#store;
    await this.#store.writerLease.look();
    await catalog.mend();
    // In this order: a row comes after its file and goes before it, so a listed row without a file has lost it.
    const rows = await catalog.files();
    const blobs = this.#store.openBlobs();
    const stored = (await blobs.list()).map(({ file }) => file);
    const isStored = new Set(stored);
    const lost = rows.filter(({ file }) => !isStored.has(file));
    const entries = await this.#removeEntriesOf(lost.map(({ file }) => file));
    const deadFiles = await this.#removeDead(rows.filter(({ file }) => isStored.has(file)));
    const isListed = new Set(rows.map(({ file }) => file));
    const orphans = await this.#removeOrphans(stored.filter((file) => !isListed.has(file)));
    return { orphans, deadFiles, entries };
  }

  /** Damaged for good: their bytes are gone. Looks through the entries only when a file is missing. */
  async #removeEntriesOf(lost: readonly string[]): Promise<number> {
    if (lost.length === 0) return 0;
    const { catalog } = this.#store;
    const keys = await catalog.keysOfFiles(lost);
    const { removed } = await catalog.remove(keys);
    await catalog.forgetFiles(lost);
    return removed;
  }

  async #removeDead(rows: readonly { readonly file: string; readonly liveBytes: number }[]): Promise<number> {
    let removed = 0;
    for (const { file, liveBytes } of rows) if (liveBytes <= 0) removed += await this.#removeUnused(file);
    return removed;
  }

  async #removeOrphans(files: readonly string[]): Promise<number> {
    const probes = files.filter(isProbe);
    // Another realm appends to it: what it holds may be on its way into the catalog.
    const leased = await heldLocks(leaseOf(''));
    let removed = 0;
    for (const file of files) {
      if (!isProbe(file) && !leased.has(leaseOf(file))) removed += await this.#removeUnused(file);
    }
    if (probes.length === 0) return removed;
    await wait(PROBE_MS);
    for (const file of probes) removed += await this.#remove(file);
    return removed;
  }

  /**
   * Removes a file that nothing points at. With its lock free, no commit of a file of its own is on its way; a segment
   * may be appended to at any time, so it is doomed first, and what comes later goes to another one.
   */
  #removeUnused(file: string): Promise<number> {
    return withLock(fileLock(written(file)), { ifAvailable: true }, async (isHeld) => {
      if (!isHeld || !(await this.#store.catalog.doom(written(file)))) return 0;
      if (written(file) !== file) await this.#store.catalog.forgetFiles([written(file)]);
      return this.#remove(file);
    });
  }

  async #remove(file: string): Promise<number> {
    const { catalog } = this.#store;
    const held = await this.#store.openBlobs().remove([file]);
    if (held.length > 0) return 0; // the next sweep comes
    await catalog.forgetFiles([file]);
    return 1;
  }
}
