/** A page that specs drive by hand: memories whose events are written down, and functions that can be held back. */
import {
  type CachedFunction,
  type CacheEvent,
  type CacheEventKind,
  Memory,
  type MemoryOptions,
} from 'keepsake';
import { bytesOf, isBytesOf } from './bytes-of.ts';

const kinds: readonly CacheEventKind[] = [
  'hit',
  'miss',
  'compute',
  'store',
  'skip',
  'stale',
  'evict',
  'damaged',
  'delete',
  'storage',
];

type BytesFunction = (seed: number, byteLength: number) => Promise<Uint8Array<ArrayBuffer>>;

/** One memory and its functions. */
interface Bench {
  readonly memory: Memory;
  /** Computes at once. */
  readonly bytes: CachedFunction<BytesFunction>;
  /** The same by a version that stands for all code. */
  readonly trusted: CachedFunction<BytesFunction>;
  /** Computes when lab.letGo() is called. */
  readonly held: CachedFunction<BytesFunction>;
  readonly events: CacheEvent[];
  reasons(kind: CacheEventKind): string[];
  /** Calls `bytes`; 'computed' or 'hit', and whether the value is right. */
  get(
    seed: number,
    byteLength: number,
    by?: 'bytes' | 'trusted',
  ): Promise<{ readonly how: string; readonly isRight: boolean }>;
}

const waiting: (() => void)[] = [];
const workers: Worker[] = [];
let entered = 0;

function open(options: MemoryOptions<null> = {}, version?: number): Bench {
  const memory = new Memory({ name: 'lab', verify: 'off', ...options });
  const events: CacheEvent[] = [];
  for (const kind of kinds) memory.addEventListener(kind, ({ detail }) => void events.push(detail));
  const compute: BytesFunction = async (seed, byteLength) => {
    entered += 1;
    return bytesOf(version === undefined ? seed : seed + version * 1_000, byteLength);
  };
  const computeHeld: BytesFunction = async (seed, byteLength) => {
    entered += 1;
    await new Promise<void>((resolve) => waiting.push(resolve));
    return bytesOf(seed, byteLength);
  };
  const captures = () => ({ version });
  const bytes = memory.cache(compute, { id: 'bytes', captures });
  const trusted = memory.cache(compute, { id: 'trusted', version: version ?? 0, trustVersion: true });
  return {
    memory,
    bytes,
    trusted,
    held: memory.cache(computeHeld, { id: 'held', captures }),
    events,
    reasons: (kind) => events.filter((event) => event.kind === kind).map(({ reason }) => reason),
    async get(seed, byteLength, by = 'bytes') {
      const before = entered;
      const value = await { bytes, trusted }[by](seed, byteLength);
      const isRight = isBytesOf(
        value as Uint8Array, // no mmapMode is set
        version === undefined ? seed : seed + version * 1_000,
        byteLength,
      );
      return { how: entered > before ? 'computed' : 'hit', isRight };
    },
  };
}

/** Starts storage workers that a spec can terminate. */
function workerFactory(): Worker {
  const worker = new Worker(new URL('../../src/blobs/worker/main.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  return worker;
}

/** Every file of the origin's private file system, with its size. */
async function listFiles(folder?: FileSystemDirectoryHandle, path = ''): Promise<Record<string, number>> {
  const files: Record<string, number> = {};
  for await (const [name, handle] of (folder ?? (await navigator.storage.getDirectory())).entries()) {
    const file = `${path}/${name}`;
    if (handle.kind === 'file') files[file] = (await (handle as FileSystemFileHandle).getFile()).size;
    else Object.assign(files, await listFiles(handle as FileSystemDirectoryHandle, file));
  }
  return files;
}

const lab = {
  Memory,
  open,
  bytesOf,
  isBytesOf,
  workers,
  workerFactory,
  listFiles,
  /** How often a function of this page was entered. */
  entered: () => entered,
  /** How many calls are held back. */
  waiting: () => waiting.length,
  letGo(): void {
    for (const go of waiting.splice(0)) go();
  },
};

declare global {
  interface Window {
    readonly lab: typeof lab;
    /** What one evaluation leaves for the next. */
    bench: Bench;
  }
}

Object.assign(window, { lab });
