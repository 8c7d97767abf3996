/** A page that stores a large stream, reads it again, and gives one up: scripts/streams.ts measures it. */
import { Memory } from 'keepsake';

const CHUNK_BYTES = 64 * 1024;
const GARBAGE_BYTES = 8 * 2 ** 20;
/** There where the browser is started with it. */
const collectGarbage: (() => void) | undefined = Reflect.get(globalThis, 'gc');

const memory = new Memory({ name: 'streams', maxBytes: '4G', verify: 'off' });

/** So many MiB in chunks, each made when it is asked for. */
function source(mib: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = (mib * 2 ** 20) / CHUNK_BYTES;
  return new ReadableStream(
    {
      pull(controller) {
        if (left === 0) controller.close();
        else controller.enqueue(new Uint8Array(CHUNK_BYTES).fill(left--));
      },
    },
    { highWaterMark: 0 },
  );
}

const produce = memory.cache(source, { id: 'source', captures: () => ({}) });

/** Reads up to so many MiB of the cached stream; of the source itself where `isPlain` says so. */
async function read(mib: number, limitMib = mib, isPlain = false) {
  const start = performance.now();
  const reader = (isPlain ? source(mib) : await produce(mib)).getReader();
  let byteLength = 0;
  let sum = 0;
  let firstMs = 0;
  while (byteLength < limitMib * 2 ** 20) {
    const { done, value } = await reader.read();
    if (done) break;
    firstMs ||= performance.now() - start;
    byteLength += value.byteLength;
    sum += value[value.length - 1] ?? 0;
    // What is live is measured, not what the engine has not collected yet.
    if (byteLength % GARBAGE_BYTES === 0) collectGarbage?.();
  }
  if (limitMib < mib) await reader.cancel();
  else await reader.read(); // the end
  return { byteLength, sum, firstMs, ms: performance.now() - start };
}

const opfs = () => navigator.storage.getDirectory();

/** The first chunk of a file of the origin's own, from its name on. */
async function readFile(): Promise<number> {
  const start = performance.now();
  const file = await (await (await opfs()).getFileHandle('raw')).getFile();
  await file.slice(0, CHUNK_BYTES).arrayBuffer();
  return performance.now() - start;
}

async function writeFile(mib: number): Promise<void> {
  const writable = await (await (await opfs()).getFileHandle('raw', { create: true })).createWritable();
  await source(mib).pipeTo(writable);
}

/** Bytes of all files below the folder. */
async function bytesBelow(folder: FileSystemDirectoryHandle): Promise<number> {
  let bytes = 0;
  for await (const entry of folder.values()) {
    // Each entry is what its kind says.
    if (entry.kind === 'file') bytes += (await (entry as FileSystemFileHandle).getFile()).size;
    else bytes += await bytesBelow(entry as FileSystemDirectoryHandle);
  }
  return bytes;
}

async function left() {
  await memory.flush();
  const { entries } = await memory.stats();
  return { entries, fileBytes: await bytesBelow(await opfs()) };
}

const streams = { read, readFile, writeFile, left, flush: () => memory.flush(), clear: () => memory.clear() };
export type Streams = typeof streams;
Object.assign(globalThis, { streams });
document.title = 'ready';
