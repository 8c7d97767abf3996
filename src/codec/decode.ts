/** From a skeleton and its buffers to the value. Whatever is read may be anything: only typed errors come out. */
import { ChunkError } from '../chunks/chunks.ts';
import { DamagedEntryError, isMemoryError, UnsupportedFormatError } from '../errors/errors.ts';
import { type Codec, codecNamed, isPromise } from '../values/values.ts';
import { BufferReader, type BufferSource, type OutOfBandEntry, outOfBandEntries } from './buffer-reader.ts';
import { ByteReader, damaged } from './byte-reader.ts';
import { type Decoding, type Fill, type FillKind, pending, type Shape } from './decoding.ts';
import { rareReaders } from './late-readers.ts';
import { nodeReaders } from './node-readers.ts';
import { headerBytes, nodes, SKELETON_FORMAT, STREAM, skeletonMagic } from './skeleton-format.ts';
import { TextReader } from './text-section.ts';

export interface DecodeOptions {
  readonly codecs?: readonly Codec[] | undefined;
  /** Names the entry in errors. */
  readonly key?: string | undefined;
}

const noNames: readonly string[] = [];

function define(target: object, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, name, { value, enumerable, writable: true, configurable: true });
}

/** Puts the next member into its container. The targets are what the readers made for the kind. */
const put = {
  root: (fill, value) => {
    fill.held = value;
  },
  custom: (fill, value) => {
    fill.held = value;
  },
  fields: ({ target, names, next }, value) => {
    const name = names[next] ?? '';
    // Assigning to this one name would set the prototype.
    if (name === '__proto__') define(target, name, value, true);
    else (target as Record<string, unknown>)[name] = value;
  },
  array: ({ target, next }, value) => {
    (target as unknown[])[next] = value;
  },
  map: (fill, value) => {
    if (fill.next % 2 === 0) fill.held = value;
    else (fill.target as Map<unknown, unknown>).set(fill.held, value);
  },
  set: ({ target }, value) => {
    (target as Set<unknown>).add(value);
  },
  sparse: ({ target, names, next }, value) => define(target, names[next] ?? '', value, true),
  error: ({ target, names, next, hiddenCount }, value) =>
    define(target, names[next] ?? '', value, next >= hiddenCount),
  extended: (fill, value) => {
    if (fill.next === 0) fill.held = value;
    else define(Object(fill.held), fill.names[fill.next - 1] ?? '', value, true);
  },
} satisfies Record<FillKind, (fill: Fill, value: unknown) => void>;

/** By integrity: see values/. */
const closings: readonly ((value: unknown) => unknown)[] = [
  (value) => value,
  Object.preventExtensions,
  Object.seal,
  Object.freeze,
];

function closed({ integrity, held }: Fill): unknown {
  const close = closings[integrity];
  if (close === undefined || typeof held !== 'object') throw damaged('an object is none');
  return close(held);
}

/** Names met lately, as the engine keeps property names. */
const names = new Map<string, string>();
const MOST_NAMES = 1_000;

/** The same text as the engine's own copy, under which it finds properties fastest. */
function internal(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const [name = ''] = Object.keys({ [text]: 0 });
  if (names.size >= MOST_NAMES) names.clear();
  if (text.length < 64) names.set(name, name);
  return name;
}

interface Sections {
  readonly buffers: ByteReader;
  readonly texts: ByteReader;
  readonly nodes: ByteReader;
}

function openSections(skeleton: Uint8Array): Sections {
  if (skeleton.length < headerBytes) throw damaged('it ends too early');
  const view = new DataView(skeleton.buffer, skeleton.byteOffset, headerBytes);
  if (view.getUint16(0, true) !== skeletonMagic) throw damaged('it is no skeleton');
  const format = view.getUint16(2, true);
  if (format !== SKELETON_FORMAT) throw new UnsupportedFormatError(format, SKELETON_FORMAT);
  const all = new ByteReader(skeleton.subarray(headerBytes));
  const [buffers, texts, nodeBytes] = [4, 8, 12].map(
    (at) => new ByteReader(all.bytes(view.getUint32(at, true))),
  );
  if (!buffers || !texts || !nodeBytes || all.remaining > 0) throw damaged('it is longer than it should be');
  return { buffers, texts, nodes: nodeBytes };
}

class ValueDecoding implements Decoding {
  readonly nodes: ByteReader;
  readonly buffers: BufferReader;
  readonly source: BufferSource;
  readonly #codecs: readonly Codec[];
  readonly shapes: Shape[] = [];
  readonly #texts: TextReader;
  readonly #fills: Fill[] = [];
  readonly #objects: unknown[] = [];
  #reservable: number;
  /** Codecs around that want their arrays plain. */
  #plainCustoms = 0;

  constructor(sections: Sections, source: BufferSource, codecs: readonly Codec[]) {
    this.nodes = sections.nodes;
    this.buffers = new BufferReader(sections.buffers, source);
    this.source = source;
    this.#codecs = codecs;
    this.#texts = new TextReader(sections.texts);
    this.#reservable = sections.nodes.remaining;
  }

  /** The value; a promise where a codec takes its time, or a part has still to come. */
  run(): unknown {
    this.enter({ kind: 'root', target: this, end: 1 });
    return this.#goOn();
  }

  get isInCustom(): boolean {
    return this.#plainCustoms > 0;
  }

  #goOn(): unknown {
    for (;;) {
      const fill = this.#fills[this.#fills.length - 1];
      if (fill === undefined) throw damaged('it has no value');
      if (fill.next < fill.end) {
        if (!this.#readMember(fill)) return rareReaders.load().then(() => this.#goOn());
      } else if (fill.kind === 'root') return this.#finish(fill.held);
      else {
        this.#fills.pop();
        const { codec } = fill;
        const value = codec && this.#decoded(codec, fill.held);
        if (isPromise(value)) return this.#goOnAfter(fill, value);
        if (codec) this.#replace(fill, value);
        if (fill.kind === 'extended') this.#place(closed(fill));
      }
    }
  }

  async #goOnAfter(fill: Fill, value: PromiseLike<unknown>): Promise<unknown> {
    this.#replace(fill, await value.then(undefined, (error: unknown) => refuseCodec(fill.codec, error)));
    return this.#goOn();
  }

  codecNamed(name: string): Codec | undefined {
    return codecNamed(name, this.#codecs);
  }

  chunk(bytes: Uint8Array, skeletonBytes: number): unknown {
    return decodeChunk(bytes, skeletonBytes, this.#codecs);
  }

  text(): string {
    return this.#texts.next(this.nodes.count());
  }

  name(): string {
    return internal(this.text());
  }

  primitive(): unknown {
    const tag = this.nodes.byte();
    const reader =
      tag <= nodes.text && tag !== nodes.undefined && tag !== nodes.null ? nodeReaders[tag] : undefined;
    if (reader === undefined) throw damaged('a primitive is missing');
    return reader(this);
  }

  register<T>(value: T): T {
    this.#objects.push(value);
    return value;
  }

  registered(number: number): unknown {
    const value = this.#objects[number];
    if (number >= this.#objects.length || value === pending) throw damaged('a reference leads nowhere');
    return value;
  }

  reserve(count: number): boolean {
    if (count > this.#reservable) return false;
    this.#reservable -= count;
    return true;
  }

  enter(fill: Partial<Fill> & Pick<Fill, 'kind' | 'target' | 'end'>): void {
    const { kind, target, end, names = noNames, hiddenCount = 0, integrity = 0, codec } = fill;
    const number = this.#objects.length - 1;
    if (codec && !this.#maps(codec)) this.#plainCustoms += 1;
    const state = { next: 0, held: undefined, hiddenCount, integrity, codec, number };
    this.#fills.push({ kind, target, names, end, ...state });
  }

  /** Whether its reader was here. */
  #readMember(fill: Fill): boolean {
    const tag = this.nodes.byte();
    const reader = nodeReaders[tag] ?? rareReaders.loaded?.readers[tag];
    if (reader === undefined) return this.#leave(tag);
    const value = reader(this);
    if (value !== pending) this.#put(fill, value);
    return true;
  }

  /** A node is read once its reader has come. */
  #leave(tag: number): false {
    if (rareReaders.loaded || tag >= nodeReaders.length) throw damaged('unknown node');
    this.nodes.back();
    return false;
  }

  #put(fill: Fill, value: unknown): void {
    put[fill.kind](fill, value);
    fill.next++;
  }

  #maps(codec: Codec): boolean {
    return this.source.typedArray !== undefined && codec.mapped !== undefined;
  }

  /** What the codec makes of its plain data. */
  #decoded(codec: Codec, plain: unknown): unknown {
    if (!this.#maps(codec)) this.#plainCustoms -= 1;
    try {
      return codec.mapped && this.#maps(codec) && !this.isInCustom
        ? codec.mapped(plain)
        : codec.decode(plain);
    } catch (error) {
      return refuseCodec(codec, error);
    }
  }

  /** A custom value is there, and takes its place. */
  #replace(fill: Fill, value: unknown): void {
    this.#objects[fill.number] = value;
    this.#place(value);
  }

  #place(value: unknown): void {
    const parent = this.#fills[this.#fills.length - 1];
    if (parent) this.#put(parent, value);
  }

  #finish(value: unknown): unknown {
    if (this.nodes.remaining > 0) throw damaged('there is more than one value');
    return value;
  }
}

function refuseCodec(codec: Codec | undefined, error: unknown): never {
  if (isMemoryError(error)) throw error;
  throw damaged(`the codec "${codec?.name}" threw "${error}"`, error);
}

const withKey = ({ reason, cause }: DamagedEntryError, key: string): DamagedEntryError =>
  new DamagedEntryError(key, reason, cause === undefined ? undefined : { cause });

/** Turns whatever was thrown into an error that names the entry. */
function asTyped(error: unknown, key: string): unknown {
  if (error instanceof DamagedEntryError) return withKey(error, key);
  if (isMemoryError(error) || error instanceof ChunkError) return error;
  return new DamagedEntryError(key, `reading it threw "${error}"`, { cause: error });
}

/** Puts a value together again; a promise where a codec takes its time, or the part that reads what is rare has still to come. @throws DamagedEntryError, UnsupportedFormatError, ChunkError, and what `source` throws of our own */
export function decode(skeleton: Uint8Array, source: BufferSource, options: DecodeOptions = {}): unknown {
  const fail = (error: unknown): never => {
    throw asTyped(error, options.key ?? '');
  };
  try {
    const value = new ValueDecoding(openSections(skeleton), source, options.codecs ?? []).run();
    return isPromise(value) ? value.then(undefined, fail) : value;
  } catch (error) {
    return fail(error);
  }
}

/** A value whose buffers lie behind its skeleton, in their order. */
function decodeChunk(bytes: Uint8Array, skeletonBytes: number, codecs: readonly Codec[]): unknown {
  const skeleton = bytes.subarray(0, skeletonBytes);
  let at = skeletonBytes;
  const buffers = outOfBandTable(skeleton).map(({ byteLength }) => {
    at += byteLength;
    return bytes.slice(at - byteLength, at).buffer as ArrayBuffer; // slice() makes ordinary memory
  });
  const buffer = (index: number): ArrayBuffer => buffers[index] ?? new ArrayBuffer(0);
  return decode(skeleton, { buffer, blob: (index, type) => new Blob([buffer(index)], { type }) }, { codecs });
}

/** Whether what is encoded is a stream, which can be read without being loaded. */
export function isStreamSkeleton(skeleton: Uint8Array): boolean {
  try {
    const { nodes: reader, texts } = openSections(skeleton);
    return (
      reader.byte() === nodes.custom &&
      reader.count() === STREAM.length &&
      new TextReader(texts).next(STREAM.length) === STREAM
    );
  } catch {
    return false; // whoever decodes it says what is wrong
  }
}

/** What a skeleton expects beside it, by index: to load before decode(). @throws DamagedEntryError, UnsupportedFormatError */
export function outOfBandTable(skeleton: Uint8Array, options: DecodeOptions = {}): readonly OutOfBandEntry[] {
  try {
    return outOfBandEntries(openSections(skeleton).buffers);
  } catch (error) {
    throw asTyped(error, options.key ?? '');
  }
}
