/** `keepsake pack ls | verify | merge`: packs on the command line, read piece by piece. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import {
  areBlocks,
  bytesOfParts,
  DIGEST_BLOCK_BYTES,
  DIGEST_BYTES,
  digestsOfPart,
  type EntryToPack,
  HEAD_BYTES,
  headBytesOf,
  openBody,
  type PackedEntry,
  packedEntry,
  packStart,
  parseHead,
  parseIndex,
  type Sha256,
} from '../pack-format/pack-format.ts';

/** Of the entries that this version packs; a pack says its own. */
const recordFormatOf = (head: Uint8Array): number =>
  new DataView(head.buffer, head.byteOffset).getUint32(12, true);

const sha256: Sha256 = async (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());

interface OpenPack {
  readonly file: FileHandle;
  readonly recordFormat: number;
  readonly entries: readonly PackedEntry[];
}

async function read(file: FileHandle, start: number, byteLength: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(byteLength);
  const { bytesRead } = await file.read(bytes, 0, byteLength, start);
  return bytes.subarray(0, bytesRead);
}

async function withPack<T>(path: string, use: (pack: OpenPack) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    const start = await read(file, 0, HEAD_BYTES);
    const head = parseHead(start, start.length < HEAD_BYTES ? 0 : recordFormatOf(start));
    const entries = await parseIndex(head, await read(file, HEAD_BYTES, head.indexBytes), sha256);
    return await use({ file, recordFormat: head.recordFormat, entries });
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await file.close();
  }
}

const lineOf = ({ entry }: PackedEntry): string => {
  const made = new Date(entry.createdAt).toISOString().slice(0, 19);
  const size = String(bytesOfParts(entry.parts)).padStart(12);
  return `${entry.key}  ${made}  ${entry.computeMs.toFixed(0).padStart(8)} ms  ${size} B  ${entry.functionId}`;
};

async function list(path: string): Promise<number> {
  return withPack(path, async ({ entries }) => {
    for (const packed of entries) console.log(lineOf(packed));
    const bytes = entries.reduce((sum, { byteLength }) => sum + byteLength, 0);
    console.log(`${entries.length} entries, ${bytes} bytes`);
    return 0;
  });
}

type State = 'whole' | 'damaged' | 'missing';

async function stateOf(file: FileHandle, packed: PackedEntry): Promise<State> {
  try {
    const body = await openBody(packed, await read(file, packed.offset, headBytesOf(packed)), sha256);
    if (!body) return 'missing';
    for (const [part, { byteLength }] of packed.entry.parts.entries()) {
      const digests = digestsOfPart(packed.entry, body.digests, part);
      // The skeleton comes before the digests, the buffers behind them.
      const start = packed.offset + (packed.partOffsets[part] ?? 0);
      for (let at = 0, block = 0; at < byteLength; at += DIGEST_BLOCK_BYTES, block += 1) {
        const bytes = await read(file, start + at, Math.min(DIGEST_BLOCK_BYTES, byteLength - at));
        const digest = digests.subarray(block * DIGEST_BYTES, (block + 1) * DIGEST_BYTES);
        const isWhole = bytes.length === Math.min(DIGEST_BLOCK_BYTES, byteLength - at);
        if (!isWhole || !(await areBlocks(bytes, digest, DIGEST_BLOCK_BYTES, sha256))) return 'damaged';
      }
    }
    return 'whole';
  } catch {
    return 'damaged'; // the seal is wrong, or it is cut off
  }
}

async function verify(path: string): Promise<number> {
  return withPack(path, async ({ file, entries }) => {
    const counts = { whole: 0, damaged: 0, missing: 0 };
    for (const packed of entries) {
      const state = await stateOf(file, packed);
      counts[state] += 1;
      if (state !== 'whole') console.log(`${state}: ${lineOf(packed)}`);
    }
    console.log(
      `${counts.whole} whole, ${counts.damaged} damaged, ${counts.missing} went while the pack was written`,
    );
    return counts.damaged > 0 ? 1 : 0;
  });
}

interface Chosen extends EntryToPack {
  readonly path: string;
  readonly packed: PackedEntry;
}

/** The newest whole entry of each call, in the order of the packs. */
async function choose(paths: readonly string[]): Promise<{ chosen: Chosen[]; recordFormat: number }> {
  const chosen = new Map<string, Chosen>();
  const formats = new Set<number>();
  for (const path of paths) {
    await withPack(path, async ({ file, entries, recordFormat }) => {
      formats.add(recordFormat);
      for (const packed of entries) {
        const { entry, headerBytes } = packed;
        const before = chosen.get(entry.key);
        if (before && before.entry.createdAt >= entry.createdAt) continue;
        if ((await stateOf(file, packed)) === 'whole')
          chosen.set(entry.key, { entry, headerBytes, path, packed });
      }
    });
  }
  if (formats.size > 1)
    throw new Error('The packs are of different formats; export them again with one version');
  return { chosen: [...chosen.values()], recordFormat: [...formats][0] ?? 0 };
}

async function copy(from: FileHandle, to: FileHandle, { packed }: Chosen, start: number): Promise<void> {
  for (let at = 0; at < packed.byteLength; at += DIGEST_BLOCK_BYTES) {
    const bytes = await read(from, packed.offset + at, Math.min(DIGEST_BLOCK_BYTES, packed.byteLength - at));
    await to.write(bytes, 0, bytes.length, start + at);
  }
}

async function merge(out: string, paths: readonly string[]): Promise<number> {
  const { chosen, recordFormat } = await choose(paths);
  const start = await packStart(chosen, recordFormat, sha256);
  const to = await open(out, 'wx');
  try {
    await to.write(start, 0, start.length, 0);
    let offset = start.length;
    for (const each of chosen) {
      const from = await open(each.path);
      await copy(from, to, each, offset).finally(() => from.close());
      offset += packedEntry(each.entry, each.headerBytes, offset).byteLength;
    }
    console.log(`${chosen.length} entries in ${out}, ${offset} bytes`);
    return 0;
  } finally {
    await to.close();
  }
}

/** @returns The exit code; undefined for what is none of its verbs. */
export async function packCommand([verb, ...args]: readonly string[]): Promise<number | undefined> {
  const [first, ...rest] = args;
  if (first === undefined) return undefined;
  if (verb === 'ls' && rest.length === 0) return list(first);
  if (verb === 'verify' && rest.length === 0) return verify(first);
  if (verb === 'merge' && rest.length > 0) return merge(first, rest);
  return undefined;
}
