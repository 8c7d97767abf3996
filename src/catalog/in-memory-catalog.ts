/** The catalog's twin in this realm's memory, for where IndexedDB is refused. */
import type { Added, Catalog, Found, KeyedBytes } from './catalog-interface.ts';
import { filesOf, isDoomed, withUse } from './footprint.ts';
import { type DetailQuery, pageOf } from './list.ts';
import type { Revision, RevisionOutcome } from './revise.ts';
import { isSameEntry } from './same-entry.ts';
import {
  type Commit,
  type CommitOutcome,
  type DetailRecord,
  type EntryRecord,
  type Epochs,
  emptyState,
  type FileRecord,
  type FunctionRecord,
  type StateRecord,
} from './schema.ts';
import { emptyFunction } from './totals.ts';
import { addMisses, addUse, type FunctionMisses, type Removal, type Touch } from './write.ts';

export class InMemoryCatalog implements Catalog {
  readonly isPersistent = false;
  readonly #entries = new Map<string, EntryRecord>();
  readonly #details = new Map<string, DetailRecord>();
  readonly #functions = new Map<string, FunctionRecord>();
  readonly #files = new Map<string, FileRecord>();
  readonly #blobs = new Map<string, ArrayBuffer>();
  #state = emptyState;

  async find(key: string): Promise<Found> {
    const entry = this.#entries.get(key);
    return entry ? { kind: 'entry', entry } : { kind: 'absent' };
  }

  async detail(key: string): Promise<DetailRecord | undefined> {
    return this.#details.get(key);
  }

  busyRealms = async (): Promise<string[]> => [];
  markBusy = async (): Promise<void> => undefined;
  unmarkBusy = async (): Promise<void> => undefined;
  renewLog = async (): Promise<void> => undefined;

  async epochs(functionKey: string): Promise<Epochs> {
    return { memory: this.#state.epoch, function: this.#functions.get(functionKey)?.epoch ?? 0 };
  }

  async commit({ entry, detail, identity, epochs }: Commit): Promise<CommitOutcome> {
    const known = this.#functions.get(entry.functionKey);
    const isCurrent = this.#state.epoch === epochs.memory && (known?.epoch ?? 0) === epochs.function;
    const uses = filesOf(entry);
    const isFileDoomed = isCurrent && [...uses.keys()].some((file) => isDoomed(this.#files.get(file)));
    if (!isCurrent || isFileDoomed) {
      const totalBytes = this.#state.bytes;
      return { isCommitted: false, isFileDoomed, isReplaced: false, deadFiles: [], totalBytes };
    }
    for (const [file, use] of uses) this.#files.set(file, withUse(file, this.#files.get(file), use));
    const { removed, deadFiles } = this.#removeAll([entry.key]);
    const row = this.#functions.get(entry.functionKey) ?? emptyFunction(entry.functionKey, detail.functionId);
    this.#entries.set(entry.key, entry);
    this.#details.set(entry.key, detail);
    this.#functions.set(entry.functionKey, {
      ...row,
      identity,
      entries: row.entries + 1,
      bytes: row.bytes + entry.sizeBytes,
      lastUsedAt: detail.lastUsedAt,
      computeMs: row.computeMs + entry.computeMs,
    });
    this.#count(1, entry.sizeBytes);
    return {
      isCommitted: true,
      isFileDoomed,
      isReplaced: removed > 0,
      deadFiles,
      totalBytes: this.#state.bytes,
    };
  }

  /** Its commits cost nothing that could be put off. */
  async add(): Promise<Added | undefined> {
    return undefined;
  }

  hurry(): () => void {
    return () => undefined;
  }

  async revise({ base, entry }: Revision): Promise<RevisionOutcome> {
    const detail = this.#details.get(entry.key);
    const row = this.#functions.get(entry.functionKey);
    if (!isSameEntry(this.#entries.get(entry.key), base) || !detail || !row) {
      return { isCommitted: false, isFileDoomed: false, deadFiles: [], totalBytes: this.#state.bytes };
    }
    const grown = entry.sizeBytes - base.sizeBytes;
    const kept = filesOf(entry);
    const deadFiles = [...filesOf(base).keys()].filter((file) => !kept.has(file));
    this.#entries.set(entry.key, entry);
    this.#details.set(entry.key, { ...detail, sizeBytes: entry.sizeBytes });
    for (const [file, { end, liveBytes }] of kept)
      this.#files.set(file, { file, byteLength: end, liveBytes });
    this.#functions.set(entry.functionKey, { ...row, bytes: row.bytes + grown });
    this.#count(0, grown);
    return { isCommitted: true, isFileDoomed: false, deadFiles, totalBytes: this.#state.bytes };
  }

  async touch(touches: readonly Touch[], misses: readonly FunctionMisses[]): Promise<void> {
    for (const touch of touches) {
      const detail = this.#details.get(touch.key);
      if (detail) this.#details.set(touch.key, addUse(detail, touch));
      const row = this.#functions.get(touch.functionKey);
      if (row) this.#functions.set(touch.functionKey, addUse(row, touch));
    }
    for (const each of misses) {
      const row = this.#functions.get(each.functionKey) ?? emptyFunction(each.functionKey, each.functionId);
      this.#functions.set(each.functionKey, addMisses(row, each));
    }
  }

  async remove(keys: readonly string[]): Promise<Removal> {
    return this.#removeAll(keys);
  }

  async retireFunction(functionId: string, functionKey?: string): Promise<string[]> {
    if (functionKey !== undefined && !this.#functions.has(functionKey)) {
      this.#functions.set(functionKey, emptyFunction(functionKey, functionId));
    }
    for (const row of this.#functions.values()) {
      if (row.functionId === functionId)
        this.#functions.set(row.functionKey, { ...row, epoch: row.epoch + 1 });
    }
    return [...this.#details.values()]
      .filter((detail) => detail.functionId === functionId)
      .map(({ key }) => key);
  }

  async clear(): Promise<Removal> {
    const { entries: removed, bytes: freedBytes, epoch } = this.#state;
    const deadFiles = [...this.#files.keys()];
    for (const file of deadFiles) this.#files.set(file, { file, byteLength: 0, liveBytes: 0 });
    for (const map of [this.#entries, this.#details, this.#functions]) map.clear();
    this.#state = { ...emptyState, epoch: epoch + 1 };
    return { removed, freedBytes, deadFiles };
  }

  async details(query: DetailQuery): Promise<DetailRecord[]> {
    const order =
      query.functionId === undefined && query.functionKey === undefined ? query.order : 'lastUsedAt';
    const all = [...this.#details.values()]
      .filter(({ functionId }) => query.functionId === undefined || functionId === query.functionId)
      .filter(({ functionKey }) => query.functionKey === undefined || functionKey === query.functionKey)
      .filter(({ tags }) => query.tag === undefined || tags.includes(query.tag));
    return pageOf(all, query, order);
  }

  async keysOfTag(tag: string): Promise<string[]> {
    return [...this.#details.values()].filter(({ tags }) => tags.includes(tag)).map(({ key }) => key);
  }

  async functions(): Promise<FunctionRecord[]> {
    return [...this.#functions.values()];
  }

  async state(): Promise<StateRecord | undefined> {
    return this.#state;
  }

  async files(): Promise<FileRecord[]> {
    return [...this.#files.values()];
  }

  async doom(file: string): Promise<boolean> {
    const row = this.#files.get(file);
    if (row && row.liveBytes > 0) return false;
    this.#files.set(file, { file, byteLength: 0, ...row, liveBytes: 0 });
    return true;
  }

  /** Nobody else writes to it. */
  async mend(): Promise<boolean> {
    return false;
  }

  async keysOfFiles(files: readonly string[]): Promise<string[]> {
    return [...this.#entries.values()]
      .filter((entry) => files.some((file) => filesOf(entry).has(file)))
      .map(({ key }) => key);
  }

  async forgetFiles(files: readonly string[]): Promise<void> {
    for (const file of files) this.#files.delete(file);
  }

  async keyedBytes(): Promise<KeyedBytes> {
    const blobs = this.#blobs;
    return {
      put: async (file, bytes) => void blobs.set(file, bytes),
      get: async (file) => blobs.get(file),
      delete: async (files) => {
        for (const file of files) blobs.delete(file);
      },
      list: async () => [...blobs].map(([file, { byteLength }]) => ({ file, byteLength })),
    };
  }

  async close(): Promise<void> {}

  #removeAll(keys: readonly string[]): Removal {
    const deadFiles: string[] = [];
    let removed = 0;
    let freedBytes = 0;
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (!entry) continue;
      this.#entries.delete(key);
      this.#details.delete(key);
      for (const [file, use] of filesOf(entry)) {
        const fileRow = this.#files.get(file);
        if (!fileRow) continue;
        const liveBytes = Math.max(0, fileRow.liveBytes - use.liveBytes);
        this.#files.set(file, { ...fileRow, liveBytes });
        if (liveBytes === 0) deadFiles.push(file);
      }
      const row = this.#functions.get(entry.functionKey);
      if (row) {
        const totals = { entries: row.entries - 1, bytes: row.bytes - entry.sizeBytes };
        this.#functions.set(entry.functionKey, { ...row, ...totals });
      }
      removed += 1;
      freedBytes += entry.sizeBytes;
    }
    this.#count(-removed, -freedBytes);
    return { removed, freedBytes, deadFiles };
  }

  #count(entries: number, bytes: number): void {
    const state = this.#state;
    this.#state = { ...state, entries: state.entries + entries, bytes: state.bytes + bytes };
  }
}
