/** The storage worker's files, which fail when a seed says so: before or after the work, by halves, or by the end of the worker. */
import type { FileAccess, OpenMode, SyncFile } from '../../blobs/worker/file-access.ts';
import { raised, randomFrom } from './faults.ts';

export type FileOperation =
  | 'create'
  | 'open'
  | 'snapshot'
  | 'remove'
  | 'list'
  | 'read'
  | 'write'
  | 'truncate'
  | 'flush'
  | 'byteLength'
  | 'close';

/** 'held': another realm holds the file; 'garbled': other bytes than are there. */
export type FileFault = 'before' | 'after' | 'short' | 'garbled' | 'held' | 'end';

/** What may happen to each operation. Handles that cannot be closed exist nowhere: close() fails when it is done. */
export const faultsOf: Readonly<Record<FileOperation, readonly FileFault[]>> = {
  create: ['before', 'after', 'end'],
  open: ['before', 'after', 'end'],
  snapshot: ['before', 'end'],
  remove: ['before', 'after', 'held', 'end'],
  list: ['before', 'end'],
  read: ['before', 'short', 'garbled', 'end'],
  write: ['before', 'after', 'short', 'end'],
  truncate: ['before', 'after', 'end'],
  flush: ['before', 'after', 'end'],
  byteLength: ['before', 'end'],
  close: ['after', 'end'],
};

export interface FileFaultOptions {
  readonly seed: number;
  /** Share of the operations that fail. */
  readonly share: number;
  /** Ends the worker; undefined where it must go on. */
  readonly end?: (() => void) | undefined;
  /** Hears of each fault, before it happens. */
  note(operation: FileOperation, fault: FileFault): void;
}

/** An end is rarer than other faults: nothing comes after it. */
const END_SHARE = 0.1;

export class FileFaults {
  readonly #random: () => number;
  readonly #options: FileFaultOptions;

  constructor(options: FileFaultOptions) {
    this.#options = options;
    this.#random = randomFrom(options.seed);
  }

  next(operation: FileOperation): FileFault | undefined {
    const { share, end, note } = this.#options;
    if (this.#random() >= share) return undefined;
    const isEnd = end !== undefined && this.#random() < END_SHARE;
    const others = faultsOf[operation].filter((each) => each !== 'end');
    const fault = isEnd ? 'end' : others[this.pick(others.length)];
    if (fault) note(operation, fault);
    return fault;
  }

  error(): unknown {
    return raised[this.pick(raised.length)]?.();
  }

  pick(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  end(): never {
    this.#options.end?.();
    throw new Error('The worker has ended'); // nobody hears of it
  }
}

class FaultyFile implements SyncFile {
  readonly #file: SyncFile;
  readonly #faults: FileFaults;

  constructor(file: SyncFile, faults: FileFaults) {
    this.#file = file;
    this.#faults = faults;
  }

  get mode(): string | undefined {
    return this.#file.mode;
  }

  read(into: Uint8Array, position: number): number {
    return this.#run(
      'read',
      () => this.#file.read(into, position),
      (fault) => {
        const count = this.#file.read(into, position);
        if (fault === 'short') return this.#faults.pick(count);
        if (count > 0) into[this.#faults.pick(count)]! ^= 1 << this.#faults.pick(8);
        return count;
      },
    );
  }

  write(bytes: Uint8Array, position: number): number {
    const some = (): number =>
      this.#file.write(bytes.subarray(0, this.#faults.pick(bytes.byteLength)), position);
    return this.#run('write', () => this.#file.write(bytes, position), some, some);
  }

  truncate(byteLength: number): void {
    this.#run('truncate', () => this.#file.truncate(byteLength));
  }

  flush(): void {
    this.#run('flush', () => this.#file.flush());
  }

  byteLength(): number {
    return this.#run('byteLength', () => this.#file.byteLength());
  }

  close(): void {
    this.#run('close', () => this.#file.close());
  }

  /** `special`: what to do instead where only a part is done; `last`: before the worker ends. */
  #run<T>(
    operation: FileOperation,
    work: () => T,
    special?: (fault: FileFault) => T,
    last?: () => unknown,
  ): T {
    const fault = this.#faults.next(operation);
    if (fault === undefined) return work();
    if (fault === 'end') {
      last?.();
      this.#faults.end();
    }
    if (special && (fault === 'short' || fault === 'garbled')) return special(fault);
    if (fault === 'after') work();
    throw this.#faults.error();
  }
}

export function faultyFiles(files: FileAccess, faults: FileFaults): FileAccess {
  const run = async <T>(operation: FileOperation, work: () => Promise<T>): Promise<T> => {
    const fault = faults.next(operation);
    if (fault === undefined) return work();
    if (fault === 'end') faults.end();
    if (fault === 'after') await undo(await work());
    throw faults.error();
  };
  /** A file that was opened for nobody is closed: a handle that is lost is closed by the engine too, in time. */
  const undo = async (done: unknown): Promise<void> => (done as Partial<SyncFile> | undefined)?.close?.();
  const opened = (operation: 'create' | 'open') => (file: string, mode: OpenMode) =>
    run(operation, async () => new FaultyFile(await files[operation](file, mode), faults));
  return {
    create: opened('create'),
    open: opened('open'),
    snapshot: (file) => run('snapshot', () => files.snapshot(file)),
    list: (folder) => run('list', () => files.list(folder)),
    async remove(file) {
      const fault = faults.next('remove');
      if (fault === undefined) return files.remove(file);
      if (fault === 'held') return false;
      if (fault === 'end') faults.end();
      if (fault === 'after') await files.remove(file);
      throw faults.error();
    },
  };
}
