/** Seeded damage to whatever a memory has stored: no table, field or form is known here. */
import { type Bytes, from, hostileNumbers, otherBytes, type Pick } from './mutated-bytes.ts';
import type { Snapshot, StoredRecord } from './snapshots.ts';
import type { AnyRecord } from './tampering.ts';

export type { Pick } from './mutated-bytes.ts';

/** What was done, to be told when it was answered wrongly. */
export interface Mutation {
  readonly what: string;
  /** A record went, or is under another key: nobody can tell that it was ever there. */
  readonly isRecordGone: boolean;
}

export interface Mutant {
  readonly snapshot: Snapshot;
  readonly mutations: readonly Mutation[];
}

const strangers: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => '',
  () => '__proto__',
  () => '../../../other/file',
  () => 'x'.repeat(100_000),
  () => true,
  () => 0,
  () => 0n,
  () => [],
  () => [[[]]],
  () => ({}),
  () => new Map([['file', 1]]),
  () => new Date(Number.NaN),
  () => new ArrayBuffer(0),
  () => new ArrayBuffer(64),
  () => new Uint8Array(3),
  () => new BigUint64Array(1),
  () => new Blob(['x']),
  () => /x/g,
  () => ({ file: 'keepsake', offset: 0, byteLength: 2 ** 50 }),
  () => ({ length: 2 ** 31 }),
];

/** Own members of these names, which plain assignment would not make. */
const hostileNames = ['__proto__', 'constructor', 'toString', 'then', 'length', 'hasOwnProperty'];

const isContainer = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);

const isBinary = (value: unknown): value is ArrayBuffer | ArrayBufferView =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value);

const bytesOf = (value: ArrayBuffer | ArrayBufferView): Bytes =>
  value instanceof ArrayBuffer
    ? new Uint8Array(value)
    : new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength); // nothing stored is shared

/** A number near it, or one that nobody should believe. */
function otherNumber(value: number, pick: Pick): number {
  const near = [value + 1, value - 1, value * 2, -value, value + 64, value + 0.5, 0];
  return (pick(2) === 0 ? from(pick, near) : from(pick, hostileNumbers)) ?? 0;
}

function otherBinary(value: ArrayBuffer | ArrayBufferView, pick: Pick): unknown {
  const copy = bytesOf(value).slice();
  const whole = (bytes: Bytes): unknown => {
    if (value instanceof ArrayBuffer) return bytes.buffer;
    return value instanceof BigUint64Array
      ? new BigUint64Array(bytes.slice(0, bytes.length & ~7).buffer)
      : bytes;
  };
  return whole(otherBytes(copy, pick).bytes);
}

/** A place in a record: the container and the name in it. */
interface Spot {
  readonly parent: AnyRecord;
  readonly name: string;
  readonly path: string;
}

/** Walks down at random; stops early now and then. */
function spotIn(record: object, pick: Pick): Spot | undefined {
  let parent: AnyRecord = record;
  let path = '';
  for (;;) {
    const name = from(pick, Object.keys(parent));
    if (name === undefined) return undefined;
    path += `.${name}`;
    if (!isContainer(parent[name]) || Object.keys(parent[name]).length === 0 || pick(4) === 0)
      return { parent, name, path };
    parent = parent[name];
  }
}

/** What is at the same path of another record, if anything. */
function peerOf(path: string, peers: readonly StoredRecord[], pick: Pick): unknown {
  let found: AnyRecord = from(pick, peers)?.value;
  // Records may have been given fields with the names of inherited ones.
  for (const name of path.split('.').slice(1))
    found = Object.hasOwn(Object(found), name) ? found[name] : undefined;
  return structuredClone(found);
}

function define(target: object, name: string, value: unknown): void {
  if (Array.isArray(target) && name === 'length') return; // no array has another kind of length
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Changes one thing of a record in place; returns what. */
function changeRecord(record: object, peers: readonly StoredRecord[], pick: Pick): string {
  const spot = spotIn(record, pick);
  if (!spot) return 'nothing';
  const { parent, name, path } = spot;
  const old: unknown = parent[name];
  const kinds: readonly (() => string)[] = [
    () => {
      delete parent[name];
      return 'is missing';
    },
    () => {
      const value = from(pick, strangers)?.();
      define(parent, name, value);
      return `is ${Object.prototype.toString.call(value)} ${String(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each))).slice(0, 60)}`;
    },
    () => {
      define(parent, name, peerOf(path, peers, pick));
      return 'is that of another record';
    },
    () => {
      define(parent, name, otherOf(old, pick));
      return `is changed to ${typeof old === 'object' ? 'another' : String(parent[name]).slice(0, 60)}`;
    },
    () => {
      define(parent, name, otherOf(old, pick));
      return `is changed to ${typeof old === 'object' ? 'another' : String(parent[name]).slice(0, 60)}`;
    },
    () => {
      const hostile = from(pick, hostileNames) ?? '__proto__';
      define(isContainer(old) ? old : parent, hostile, { isPolluted: true, format: 1, offset: 0 });
      return `has a ${hostile}`;
    },
    () => swapMembers(parent, name, pick),
  ];
  return `${path} ${from(pick, kinds)?.()}`;
}

function swapMembers(parent: AnyRecord, name: string, pick: Pick): string {
  const other = from(pick, Object.keys(parent)) ?? name;
  const [one, two] = [parent[name], parent[other]];
  define(parent, name, two);
  define(parent, other, one);
  return `and ${other} changed places`;
}

function otherOf(old: unknown, pick: Pick): unknown {
  if (typeof old === 'number') return otherNumber(old, pick);
  if (typeof old === 'string') return pick(2) === 0 ? `${old}x` : old.slice(0, pick(old.length + 1));
  if (isBinary(old)) return otherBinary(old, pick);
  if (Array.isArray(old)) return pick(2) === 0 ? [...old, ...old] : old.toReversed();
  return from(pick, strangers)?.();
}

type Tables = Map<string, StoredRecord[]>;

function mutateRecords(tables: Tables, pick: Pick): Mutation {
  const names = [...tables.keys()].filter((name) => (tables.get(name)?.length ?? 0) > 0);
  // The table with the most bytes is what hits are made of: it gets half of the damage.
  const table =
    (pick(2) === 0 ? names.find((name) => name === 'entries') : undefined) ?? from(pick, names) ?? '';
  const records = tables.get(table) ?? [];
  const at = pick(records.length);
  const { key, value } = records[at] ?? { key: '', value: {} };
  const done = (how: string, changed: StoredRecord[], isRecordGone = false): Mutation => {
    tables.set(table, changed);
    return { what: `${table}[${at}] ${how}`, isRecordGone };
  };
  const peers = records.filter((_, index) => index !== at);
  const kind = pick(14);
  if (kind === 0) return done('is gone', peers, true);
  if (kind === 1) return done('is empty', [...peers, { key, value: onlyKey(value, key) }]);
  if (kind === 2) {
    const other = from(pick, peers);
    if (!other) return done('is gone', peers, true);
    // Under its own key, and otherwise another one.
    return done('is another one', [
      ...peers,
      { key, value: { ...structuredClone(other.value), ...onlyKey(value, key) } },
    ]);
  }
  const changed = structuredClone(value);
  const how = isContainer(changed) ? changeRecord(changed, peers, pick) : 'is as it was';
  const isMoved = indexedDB.cmp(keyOf(changed, value, key) ?? '', key) !== 0;
  return done(how, [...peers, { key, value: changed }], isMoved);
}

/** The members that hold the key: what a table needs to keep the record at all. */
function onlyKey(value: AnyRecord, key: IDBValidKey): AnyRecord {
  const name = Object.keys(value).find((each) => value[each] === key);
  return name === undefined ? {} : { [name]: key };
}

function keyOf(changed: AnyRecord, value: AnyRecord, key: IDBValidKey): IDBValidKey | undefined {
  const name = Object.keys(value).find((each) => value[each] === key);
  const found = name === undefined ? key : changed[name];
  return typeof found === 'string' ? found : undefined;
}

function mutateFiles(files: Map<string, Bytes>, pick: Pick): Mutation {
  const names = [...files.keys()];
  const file = from(pick, names) ?? '';
  const bytes = files.get(file)?.slice() ?? new Uint8Array();
  const other = from(
    pick,
    names.filter((name) => name !== file),
  );
  const kind = pick(10);
  if (kind === 0) {
    files.delete(file);
    return { what: `${file} is gone`, isRecordGone: false };
  }
  if (kind === 1 && other !== undefined) {
    files.set(file, files.get(other) ?? bytes);
    files.set(other, bytes);
    return { what: `${file} and ${other} changed places`, isRecordGone: false };
  }
  if (kind === 2 && other !== undefined) {
    files.set(file, files.get(other)?.slice() ?? bytes);
    return { what: `${file} is a copy of ${other}`, isRecordGone: false };
  }
  const { bytes: changed, how } = otherBytes(bytes, pick);
  files.set(file, changed);
  return { what: `${file} has ${how}`, isRecordGone: false };
}

/** One change in a third of the cases, else up to a hundred. */
export function mutate(snapshot: Snapshot, pick: Pick): Mutant {
  const tables: Tables = new Map([...snapshot.tables].map(([name, records]) => [name, [...records]]));
  const files = new Map(snapshot.files);
  const mutations: Mutation[] = [];
  for (let left = pick(3) === 0 ? 1 : 1 + pick(100); left > 0; left -= 1) {
    mutations.push(pick(3) === 0 && files.size > 0 ? mutateFiles(files, pick) : mutateRecords(tables, pick));
  }
  return { snapshot: { memory: snapshot.memory, tables, files }, mutations };
}
