/** What an origin keeps, as far as the browser tells. */
import { Memory, type MemoryStatistics } from 'keepsake';

export interface MemoryRow {
  readonly name: string;
  readonly stats: MemoryStatistics | undefined;
}

/** Files as they are on disk, and what the books say of them. */
export interface FileReport {
  readonly count: number;
  readonly bytes: number;
}

/** What one memory has on disk: results of a file each, and files that many share. */
export interface MemoryFiles {
  readonly own: FileReport;
  readonly shared: FileReport;
}

export interface OriginReport {
  readonly usage: number | undefined;
  readonly quota: number | undefined;
  readonly isPersistent: boolean | undefined;
  readonly memories: readonly MemoryRow[];
  /** Files of all memories, as they are on disk. */
  readonly files: FileReport | undefined;
  /** Those of the memory that is shown. */
  readonly ofMemory: MemoryFiles | undefined;
  /** Databases and folders that are no memory's. */
  readonly others: readonly string[];
}

const OWN = 'keepsake';

type Folder = FileSystemDirectoryHandle & AsyncIterable<[string, FileSystemHandle]>;

const isShared = (name: string): boolean => name.endsWith('.segment');

async function filesIn(
  folder: FileSystemDirectoryHandle,
  isWanted: (name: string) => boolean = () => true,
): Promise<FileReport> {
  let [count, bytes] = [0, 0];
  for await (const [name, handle] of folder as Folder) {
    if (handle.kind === 'directory') {
      const inside = await filesIn(handle as FileSystemDirectoryHandle, isWanted); // by its kind
      [count, bytes] = [count + inside.count, bytes + inside.bytes];
      continue;
    }
    if (!isWanted(name)) continue;
    // It may go while it is looked at.
    const file = await (handle as FileSystemFileHandle).getFile().catch(() => undefined);
    if (file) [count, bytes] = [count + 1, bytes + file.size];
  }
  return { count, bytes };
}

async function look<T>(at: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await at();
  } catch {
    return undefined; // refused: it is shown as not told
  }
}

async function othersIn(): Promise<string[]> {
  const databases = (await look(() => indexedDB.databases())) ?? [];
  const names = databases.map(({ name = '' }) => name).filter((name) => !name.startsWith(`${OWN}/`));
  const root = await look(() => navigator.storage?.getDirectory());
  const entries: string[] = [];
  if (root)
    for await (const [name, { kind }] of root as Folder) if (name !== OWN) entries.push(`${kind} ${name}`);
  return [...names.map((name) => `database ${name}`), ...entries];
}

async function filesOf(memory: string, all: FileSystemDirectoryHandle): Promise<MemoryFiles | undefined> {
  const folder = await look(() => all.getDirectoryHandle(memory));
  if (!folder) return undefined;
  const own = await filesIn(folder, (name) => !isShared(name));
  return { own, shared: await filesIn(folder, isShared) };
}

/** Other memories are opened for it, and closed again. */
async function rowOf(name: string, known: Memory): Promise<MemoryRow> {
  if (name === known.name) return { name, stats: await look(() => known.stats()) };
  const other = new Memory({ name, verify: 'off' });
  const stats = await look(() => other.stats());
  await other.close();
  return { name, stats };
}

export async function lookAtOrigin(memory: Memory): Promise<OriginReport> {
  const names = (await look(() => Memory.list())) ?? [];
  const memories: MemoryRow[] = [];
  for (const name of names) memories.push(await rowOf(name, memory));
  const estimate = await look(() => navigator.storage?.estimate());
  const root = await look(() => navigator.storage?.getDirectory());
  const own = root && (await look(() => root.getDirectoryHandle(OWN)));
  return {
    usage: estimate?.usage,
    quota: estimate?.quota,
    isPersistent: await look(() => navigator.storage?.persisted()),
    memories,
    files: root ? (own ? await look(() => filesIn(own)) : { count: 0, bytes: 0 }) : undefined,
    ofMemory: own && (await look(() => filesOf(memory.name, own))),
    others: await othersIn(),
  };
}

/** Browsers count freed space late: two readings that agree, or the last of ten. */
export async function settledUsage(): Promise<number | undefined> {
  let usage = (await look(() => navigator.storage?.estimate()))?.usage;
  for (let reading = 1; reading < 10; reading += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const next = (await look(() => navigator.storage?.estimate()))?.usage;
    if (next === usage) break;
    usage = next;
  }
  return usage;
}
