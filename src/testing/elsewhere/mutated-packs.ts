/**
 * Seeded damage to packs, from a flipped bit to what somebody does who knows the format: each change may come with the
 * digests and seals that cover it put right. What only digests of a result's own bytes can tell is left to them.
 */
import {
  HEAD_BYTES,
  headBytesOf,
  type PackedEntry,
  packedEntry,
  parseHead,
  parseIndex,
  sealOf,
} from '../../pack-format/pack-format.ts';
import { type Bytes, from, hostileNumbers, otherBytes, type Pick } from '../mutations/mutated-bytes.ts';

const sha256 = async (bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

type Row = unknown[];

/** A pack taken apart. */
export interface OpenedPack {
  readonly bytes: Bytes;
  readonly entries: readonly PackedEntry[];
  readonly functions: readonly Row[];
  readonly rows: readonly Row[];
  readonly bodies: readonly Bytes[];
}

export interface MutatedPack {
  readonly bytes: Bytes;
  readonly what: string;
}

/** A whole pack, to be mutated. */
export async function openWhole(bytes: Bytes): Promise<OpenedPack> {
  const head = parseHead(bytes, new DataView(bytes.buffer).getUint32(12, true));
  const index = bytes.slice(HEAD_BYTES, HEAD_BYTES + head.indexBytes);
  const entries = await parseIndex(head, index, sha256);
  const json = JSON.parse(new TextDecoder().decode(index));
  const bodies = entries.map(({ offset, byteLength }) => bytes.slice(offset, offset + byteLength));
  return { bytes, entries, functions: json.functions, rows: json.entries, bodies };
}

type Parts = Readonly<Record<'functions' | 'rows', readonly Row[]>> & { readonly bodies: readonly Bytes[] };

const concat = (all: readonly Bytes[]): Bytes => {
  const joined = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of all) {
    joined.set(each, at);
    at += each.length;
  }
  return joined;
};

/** The parts as one pack again, with the index's digest right. */
async function join(pack: OpenedPack, { functions, rows, bodies }: Parts): Promise<Bytes> {
  const index = new TextEncoder().encode(JSON.stringify({ functions, entries: rows }));
  const head = pack.bytes.slice(0, HEAD_BYTES);
  new DataView(head.buffer).setBigUint64(16, BigInt(index.length), true);
  head.set(await sha256(index), 24);
  return concat([head, index, ...bodies]);
}

const shuffled = <T>(all: readonly T[], pick: Pick): T[] =>
  all
    .map((each) => ({ each, at: pick(1_000) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ each }) => each);

const strangers = [null, true, '', 'x', '__proto__', 'gzip', 'deflate', [], {}, [[]], '0'.repeat(64)];

const stranger = (pick: Pick): unknown =>
  pick(2) === 0 ? from(pick, hostileNumbers) : structuredClone(from(pick, strangers));

/** Changes one thing of a list in place, however deep. */
function changeList(list: Row, pick: Pick): void {
  const at = pick(Math.max(1, list.length));
  const old = list[at];
  if (Array.isArray(old) && pick(4) > 0) {
    changeList(old, pick);
    return;
  }
  const other = pick(Math.max(1, list.length));
  const kinds: readonly (() => void)[] = [
    () => list.splice(at, 1),
    () => list.splice(at, 0, structuredClone(old)),
    () => list.push(stranger(pick)),
    () => ([list[at], list[other]] = [list[other], list[at]]),
    () => (list[at] = stranger(pick)),
    () => (list[at] = typeof old === 'number' ? old + [-1, 1, 64, 2 ** 20][pick(4)]! : stranger(pick)),
  ];
  from(pick, kinds)?.();
}

async function mutateIndex(pack: OpenedPack, others: readonly OpenedPack[], pick: Pick): Promise<Bytes> {
  const functions = structuredClone(pack.functions) as Row[]; // a copy is ours
  const rows = structuredClone(pack.rows) as Row[];
  for (let left = 1 + pick(3); left > 0; left -= 1) {
    const row = from(pick, from(pick, others)?.rows ?? []);
    const kind = pick(6);
    if (kind === 0 && row) rows.splice(pick(rows.length + 1), pick(2), structuredClone(row));
    else changeList(kind === 1 ? functions : rows, pick);
  }
  return join(pack, { functions, rows, bodies: pack.bodies });
}

async function mutateBodies(pack: OpenedPack, others: readonly OpenedPack[], pick: Pick): Promise<Bytes> {
  const bodies = [...pack.bodies];
  const at = pick(bodies.length);
  const kinds: readonly (() => unknown)[] = [
    () => bodies.splice(0, bodies.length, ...shuffled(bodies, pick)),
    () => bodies.splice(at, 1),
    () => bodies.splice(at, 0, bodies[pick(bodies.length)] ?? new Uint8Array()),
    () => bodies.splice(at, 1, from(pick, from(pick, others)?.bodies ?? []) ?? new Uint8Array()),
    () => bodies.splice(at, 1, otherBytes(bodies[at]?.slice() ?? new Uint8Array(), pick).bytes),
  ];
  from(pick, kinds)?.();
  return join(pack, { ...pack, bodies });
}

/** An entry that says other things of itself, under a seal that holds. */
async function reseal(pack: OpenedPack, pick: Pick): Promise<Bytes> {
  const at = pick(pack.entries.length);
  const packed = pack.entries[at];
  const old = pack.bodies[at];
  if (!packed || !old) return pack.bytes;
  const row = structuredClone(pack.rows[at]) as Row; // a copy is ours
  const [, headerBytes, key, ...rest] = row;
  const isHeader = pick(3) === 0;
  if (!isHeader) changeList(rest, pick);
  const rows = pack.rows.with(at, [row[0], headerBytes, key, ...rest]);
  const [createdAt, computeMs, ...parts] = rest;
  const said = parts.map((part) => (Array.isArray(part) ? part : []));
  const entry = {
    ...{ ...packed.entry, createdAt: createdAt as number, computeMs: computeMs as number }, // right or not: that is the test
    parts: said.map(([byteLength, rawByteLength, compression]) => ({
      byteLength,
      rawByteLength,
      compression,
    })),
  };
  const now = packedEntry(entry, packed.headerBytes, 0);
  if (!(now.byteLength >= 0 && now.byteLength < 2 ** 23) || !Number.isSafeInteger(now.byteLength))
    return join(pack, { ...pack, rows });
  const body = new Uint8Array(now.byteLength);
  body.set(old.subarray(0, body.length));
  const header = body.slice(0, now.headerBytes);
  if (isHeader) header.set(otherBytes(header.slice(), pick).bytes.subarray(0, header.length));
  body.set(header);
  const sealAt = headBytesOf(now) - now.digestBytes;
  if (!(sealAt >= 0 && now.digestBytes >= 32)) return join(pack, { ...pack, rows });
  const digests = body.slice(sealAt + 32, sealAt + now.digestBytes);
  body.set(await sealOf(now, header, digests, sha256), sealAt);
  return join(pack, { ...pack, rows, bodies: pack.bodies.with(at, body) });
}

function mutateHead({ bytes }: OpenedPack, pick: Pick): Bytes {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  const number = from(pick, [0, 1, 63, 2 ** 20, 2 ** 28, 2 ** 31, 2 ** 32, 2 ** 53]) ?? 0;
  if (pick(2) === 0) view.setUint32(8 + 4 * pick(2), number >>> 0, true);
  else view.setBigUint64(16, pick(4) === 0 ? 2n ** 64n - 1n : BigInt(number), true);
  return changed;
}

/** Cut where something begins or ends, or near it. */
function cut({ bytes, entries }: OpenedPack, pick: Pick): Bytes {
  const { offset = 0, ...packed } = from(pick, entries) ?? {};
  const inside = 'partOffsets' in packed ? (from(pick, packed.partOffsets ?? []) ?? 0) : 0;
  return bytes.slice(0, Math.max(0, offset + (pick(2) === 0 ? inside : 0) + pick(3) - 1));
}

const INDEX_START = HEAD_BYTES;

/** @param packs Of which the first is mutated, and the others are spliced into it. */
export async function mutatePack(packs: readonly OpenedPack[], pick: Pick): Promise<MutatedPack> {
  const [pack, ...others] = pick(2) === 0 ? packs : packs.toReversed();
  if (!pack) throw new TypeError('There is no pack to mutate');
  const kinds: Readonly<Record<string, () => Bytes | Promise<Bytes>>> = {
    bytes: () => otherBytes(pack.bytes.slice(), pick).bytes,
    start: () => {
      const { bytes } = otherBytes(pack.bytes.slice(INDEX_START, 2 ** 13), pick);
      return concat([pack.bytes.slice(0, INDEX_START), bytes, pack.bytes.slice(2 ** 13)]);
    },
    head: () => mutateHead(pack, pick),
    cut: () => cut(pack, pick),
    index: () => mutateIndex(pack, others, pick),
    bodies: () => mutateBodies(pack, others, pick),
    'index of another': () => join(pack, { ...pack, bodies: from(pick, others)?.bodies ?? [] }),
    resealed: () => reseal(pack, pick),
    'resealed too': () => reseal(pack, pick),
    'index too': () => mutateIndex(pack, others, pick),
  };
  const what = from(pick, Object.keys(kinds)) ?? 'bytes';
  return { bytes: (await kinds[what]?.()) ?? pack.bytes, what };
}
