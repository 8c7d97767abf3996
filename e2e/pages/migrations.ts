/** Two caches as people write them by hand, and the same with keepsake: `npm run migrations`. */
import { Memory } from 'keepsake';

/** Of generated inputs: a graph's layout as typed arrays, and an image as bytes. */
export interface Scale {
  readonly nodes: number;
  readonly imageBytes: number;
}

export interface Step {
  readonly what: string;
  readonly ms: number;
  readonly isRight: boolean;
}

async function timed(what: string, work: () => Promise<boolean>): Promise<Step> {
  const start = performance.now();
  const isRight = await work();
  return { what, ms: performance.now() - start, isRight };
}

/** Positions and degrees of a graph's nodes: cheap to make, so that the storage is what is measured. */
function layOut(nodes: number) {
  const positions = new Float32Array(nodes * 2);
  const degrees = new Uint32Array(nodes);
  for (let node = 0; node < nodes; node += 1) {
    positions[2 * node] = Math.fround(node * 0.5);
    positions[2 * node + 1] = node % 1_000;
    degrees[node] = node % 64;
  }
  return { positions, degrees };
}

const promised = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** By hand: one record of IndexedDB, named by whoever remembers what the layout depends on. */
class LayoutsByHand {
  async #open(): Promise<IDBDatabase> {
    const request = indexedDB.open('layouts', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('layouts');
    return promised(request);
  }

  async get(nodes: number): Promise<ReturnType<typeof layOut>> {
    const database = await this.#open();
    const key = `v3:${nodes}`; // raised by hand when the layout's code changes
    const store = () => database.transaction('layouts', 'readwrite').objectStore('layouts');
    const found = await promised(store().get(key));
    const value = found ?? layOut(nodes);
    if (!found) await promised(store().put(value, key));
    database.close();
    return value;
  }
}

const memory = new Memory({ name: 'migrations', maxBytes: '4G', verify: 'off' });
const layouts = memory.cache(layOut, { id: 'layouts' });

/** What a graph's view draws first: 10,000 nodes. */
const DRAWN = 10_000;

export async function graph({ nodes }: Scale): Promise<Step[]> {
  const byHand = new LayoutsByHand();
  const middle = Math.floor(nodes / 2);
  const isLayout = ({ positions }: { readonly positions: Float32Array }) =>
    positions[2 * middle + 1] === middle % 1_000;
  return [
    await timed('by hand: whole', async () => isLayout(await byHand.get(nodes))),
    await timed('by hand: first 10,000 nodes', async () => {
      const { positions } = await byHand.get(nodes);
      return positions.slice(0, 2 * DRAWN).length === 2 * DRAWN;
    }),
    await timed('keepsake: whole', async () => {
      const layout = await layouts(nodes);
      await memory.flush();
      return isLayout(layout);
    }),
    await timed('keepsake: first 10,000 nodes', async () => {
      const { positions } = await layouts.with({ mmapMode: 'r' })(nodes);
      return (await positions.read(0, 2 * DRAWN)).length === 2 * DRAWN;
    }),
  ];
}

/** A photograph's bytes, and what a converter makes of them: every fourth byte. */
function photograph(bytes: number): Uint8Array<ArrayBuffer> {
  const image = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 1) image[at] = (at * 2_654_435_761) >>> 24;
  return image;
}

const convert = (image: Uint8Array): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: image.length >> 2 }, (_, at) => image[4 * at]!);

/** By hand: a file of the origin's private file system, named by the image's SHA-256. */
async function convertByHand(image: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', image));
  const name = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('converted', {
    create: true,
  });
  const found = await folder.getFileHandle(name).catch(() => undefined);
  if (found) return new Uint8Array(await (await found.getFile()).arrayBuffer());
  const converted = convert(image);
  const file = await folder.getFileHandle(name, { create: true });
  const writable = await file.createWritable();
  await writable.write(converted);
  await writable.close();
  return converted;
}

const conversions = memory.cache(convert, { id: 'conversions' });

export async function image({ imageBytes }: Scale): Promise<Step[]> {
  const given = photograph(imageBytes);
  const isRight = (converted: Uint8Array) =>
    converted.length === imageBytes >> 2 && converted[1_000] === given[4_000];
  return [
    await timed('by hand: whole', async () => isRight(await convertByHand(given))),
    await timed('keepsake: whole', async () => {
      const converted = await conversions(given);
      await memory.flush();
      return isRight(converted);
    }),
  ];
}

declare global {
  interface Window {
    migrations: { readonly graph: typeof graph; readonly image: typeof image };
  }
}
window.migrations = { graph, image };
