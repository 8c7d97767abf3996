/** Results that leave one browser and come into another: e2e/packs.spec.ts. */
import { Memory, type MemoryOptions } from 'keepsake';
import { bytesOf } from './bytes-of.ts';
import { s3Headers } from './s3-headers.ts';

const MIB = 2 ** 20;
/** In the record, in two, in a segment, in a file of their own. */
const SIZES = [24, 60_000, 400_000, 5_000_000];

const version = { version: 1, trustVersion: true } as const;
let computed = 0;

const bytes = (size: number): { readonly size: number; readonly values: Uint8Array<ArrayBuffer> } => {
  computed += 1;
  return { size, values: bytesOf(size, size) };
};

/** Each MiB holds the number of its place. */
const large = (mib: number): Float64Array<ArrayBuffer> => {
  computed += 1;
  const array = new Float64Array((mib * MIB) / 8);
  for (let at = 0; at < mib; at += 1) array.fill(at, (at * MIB) / 8, ((at + 1) * MIB) / 8);
  return array;
};

async function digestOf(all: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await new Blob([...all]).arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface Outcome {
  /** SHA-256 of all results. */
  readonly digest: string;
  readonly computed: number;
  readonly hits: readonly string[];
}

function open(options: MemoryOptions<null> = {}) {
  const memory = new Memory({ name: 'packs', maxBytes: '8G', verify: 'off', ...options });
  const hits: string[] = [];
  memory.addEventListener('hit', ({ detail }) => void hits.push(detail.reason));
  const cached = memory.cache(bytes, { id: 'bytes', ...version });
  const cachedLarge = memory.cache(large, { id: 'large', ...version });
  return {
    memory,
    async callAll(): Promise<Outcome> {
      computed = 0;
      hits.length = 0;
      const found: Uint8Array<ArrayBuffer>[] = [];
      for (const size of SIZES) found.push((await cached(size)).values);
      await memory.flush();
      return { digest: await digestOf(found), computed, hits: [...hits] };
    },
    async computeLarge(mib: number): Promise<void> {
      await cachedLarge.with({ mmapMode: 'r' })(mib);
      await memory.flush();
    },
    /** Sends a pack of all that is stored. */
    async put(url: string): Promise<number> {
      const body = await new Response(memory.export()).blob();
      const { ok, status } = await fetch(url, { method: 'PUT', body });
      if (!ok) throw new Error(`PUT answered ${status}`);
      return body.size;
    },
    /** A MiB of the middle: whether it is right, and how it was found. */
    async slice(mib: number): Promise<Outcome & { readonly isRight: boolean }> {
      computed = 0;
      hits.length = 0;
      const array = await cachedLarge.with({ mmapMode: 'r' })(mib);
      const place = mib >> 1;
      const slice = await array.read((place * MIB) / 8, ((place + 1) * MIB) / 8);
      const isRight = slice.length === MIB / 8 && slice.every((each) => each === place);
      await array.close();
      return { isRight, digest: '', computed, hits: [...hits] };
    },
  };
}

const packs = { open, s3Headers };

declare global {
  interface Window {
    readonly packs: typeof packs;
    readonly opened: ReturnType<typeof open>;
  }
}

Object.assign(window, { packs });
