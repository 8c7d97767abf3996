/** Open files for reading, a bounded number of them, closed when idle; never under a read that is under way. */
import { type Deferred, deferred } from '../../deferred/deferred.ts';
import type { ReadAt } from '../read-range.ts';
import { isSegment } from '../segment-files.ts';
import { type FileAccess, readAll, type SyncFile, snapshotReader } from './file-access.ts';

// Chromium charges an open file up to its next power of two, Safari allows 252 in all.
const MAX_OPEN = 32;
// An idle handle refuses another tab's removal, and ends the back-forward cache for the page.
const IDLE_MS = 5_000;

interface OpenFile {
  readonly readAt: ReadAt;
  /** Whether it is read without waiting. */
  readonly isHandle: boolean;
  close(): void;
}

interface Pooled {
  readonly opening: Promise<OpenFile>;
  /** Once it is open. */
  open: OpenFile | undefined;
  users: number;
  isLeaving: boolean;
  readonly closed: Deferred<void>;
}

const byHandle = (file: SyncFile): OpenFile => ({
  isHandle: true,
  readAt(into, position) {
    readAll(file, into, position);
    return undefined;
  },
  close: () => file.close(),
});

const nameOf = (error: unknown): string => (error instanceof DOMException ? error.name : '');

/** Where handles are refused, or would lock others out, the file is read as it is now. */
const bySnapshot = (files: FileAccess, file: string): OpenFile => ({
  isHandle: false,
  readAt: snapshotReader(files, file),
  close: () => undefined,
});

export class HandlePool {
  readonly #files: FileAccess;
  readonly #open = new Map<string, Pooled>();
  /** Files that are not closed for being idle, and by how many holders. */
  readonly #held = new Map<string, number>();
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  /** Whether owner and readers of a segment can all have handles: known once one was opened. */
  #canShareSegments = true;

  constructor(files: FileAccess) {
    this.#files = files;
  }

  /** Runs `use` on the open file, which stays open until it is done. */
  async use<T>(file: string, use: (open: OpenFile) => Promise<T>): Promise<T> {
    const pooled = this.#open.get(file) ?? this.#add(file);
    this.#open.delete(file);
    this.#open.set(file, pooled); // the last in the map was used last
    pooled.users += 1;
    this.#evict();
    try {
      return await use(await pooled.opening);
    } finally {
      pooled.users -= 1;
      if (pooled.users === 0 && pooled.isLeaving) this.#closeNow(pooled);
      this.#startIdleTimer();
    }
  }

  /** Opens the file, which then stays open until the hold is given up, or close() is called for others' sake. */
  async hold(file: string): Promise<() => void> {
    this.#held.set(file, (this.#held.get(file) ?? 0) + 1);
    let isHeld = true;
    const giveUp = (): void => {
      if (!isHeld) return;
      isHeld = false;
      const holders = (this.#held.get(file) ?? 1) - 1;
      if (holders > 0) this.#held.set(file, holders);
      else this.#held.delete(file);
      this.#startIdleTimer();
    };
    await this.use(file, async () => undefined).catch((error: unknown) => {
      giveUp();
      throw error;
    });
    return giveUp;
  }

  /** Reads the file where it is open now. */
  readerOf(file: string): ReadAt | undefined {
    return this.#open.get(file)?.open?.readAt;
  }

  /** Whether readerOf() reads without waiting. */
  hasHandle(file: string): boolean {
    return this.#open.get(file)?.open?.isHandle ?? false;
  }

  /** Resolves when the file is closed, after the reads that are under way. */
  async close(file: string): Promise<void> {
    const pooled = this.#open.get(file);
    if (!pooled) return;
    this.#open.delete(file);
    pooled.isLeaving = true;
    if (pooled.users === 0) this.#closeNow(pooled);
    await pooled.closed.promise;
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((file) => this.close(file)));
  }

  #startIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.#closeIdle(), IDLE_MS);
  }

  #closeIdle(): void {
    for (const file of [...this.#open.keys()]) if (!this.#held.has(file)) void this.close(file);
  }

  #add(file: string): Pooled {
    const pooled: Pooled = {
      opening: this.#openFile(file),
      open: undefined,
      users: 0,
      isLeaving: false,
      closed: deferred(),
    };
    pooled.opening.then(
      (open) => {
        pooled.open = open;
      },
      () => {
        if (this.#open.get(file) === pooled) this.#open.delete(file);
      },
    );
    return pooled;
  }

  #evict(): void {
    if (this.#open.size <= MAX_OPEN) return;
    const oldest = [...this.#open].find(([file, { users }]) => users === 0 && !this.#held.has(file));
    if (oldest) void this.close(oldest[0]);
  }

  #closeNow({ opening, closed }: Pooled): void {
    opening
      .then(
        (open) => open.close(),
        () => undefined, // a file that never opened has nothing to close
      )
      .then(closed.resolve, closed.reject);
  }

  async #openFile(file: string): Promise<OpenFile> {
    const isShared = isSegment(file);
    if (isShared && !this.#canShareSegments) return bySnapshot(this.#files, file);
    try {
      const open = await this.#files.open(file, isShared ? 'readwrite-unsafe' : 'read-only');
      if (!isShared || open.mode === 'readwrite-unsafe') return byHandle(open);
      // Firefox ignores the mode and locks the file: the owner could not append any more.
      this.#canShareSegments = false;
      open.close();
    } catch (error) {
      if (nameOf(error) !== 'NoModificationAllowedError') throw error;
    }
    return bySnapshot(this.#files, file);
  }
}
