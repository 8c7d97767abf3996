/** From a value to its skeleton and out-of-band buffers. */
import { isMemoryError, UnserializableResultError } from '../errors/errors.ts';
import {
  addedMembers,
  type Codec,
  CodecFailure,
  CodecResults,
  codecFor,
  codecNamed,
  fieldStep,
  indexStep,
  integrityOf,
  kindOf,
  mapStep,
  pathText,
  readField,
  setStep,
  visit,
  visitAs,
} from '../values/values.ts';
import { BufferWriter, JoinedRanges, type OutOfBandBuffer, type WholeBuffers } from './buffer-writer.ts';
import { ByteWriter } from './byte-writer.ts';
import type { ContainerKind, Encoding } from './encoding.ts';
import { nodeWriters, writeBlobBytes, writeExtension } from './node-writers.ts';
import { ShapeTable } from './shapes.ts';
import { headerBytes, nodes, SKELETON_FORMAT, STREAM, skeletonMagic } from './skeleton-format.ts';
import { BlobBytes, CollectedStream } from './stream-form.ts';
import { TextWriter } from './text-section.ts';

export interface EncodeOptions {
  readonly codecs?: readonly Codec[] | undefined;
  /** Name of the value in messages and buffer names; 'result' by default. */
  readonly root?: string | undefined;
  /** Told of the memory that the value reaches, where codecs take their time and it is read again later. */
  readonly onWait?: ((sources: readonly Uint8Array[]) => void) | undefined;
  /** Memory up to this many bytes stays in the skeleton; 256 by default, 0 puts all but empty memory out of band. */
  readonly inlineBytes?: number | undefined;
}

/** A value taken apart. */
export interface Encoded {
  readonly skeleton: Uint8Array;
  readonly buffers: readonly OutOfBandBuffer[];
  /** All the caller's memory that the value reaches, as views of it: what is in the skeleton too. */
  readonly sources: readonly Uint8Array[];
}

/** A header of a buffer in a tensor file takes about a hundred bytes: less than a few of these is not worth one. */
const defaultInlineBytes = 256;

/** Listing names takes some 0.1 ms for so many: little beside storing them. */
const LISTED_ELEMENTS = 4096;

interface Frame {
  readonly kind: ContainerKind;
  readonly source: object;
  readonly items: readonly unknown[];
  next: number;
}

const stepOf = {
  fields: ({ items, next }) => fieldStep(String(items[next - 1])),
  array: ({ next }) => indexStep(next - 1),
  map: ({ items, next }) => mapStep(items, next - 1),
  set: ({ next }) => setStep(next - 1),
  sparse: ({ items, next }) =>
    /^\d+$/.test(String(items[next - 1])) ? `[${items[next - 1]}]` : fieldStep(String(items[next - 1])),
  custom: () => '',
} satisfies Record<ContainerKind, (frame: Frame) => string>;

class ValueEncoding implements Encoding {
  readonly nodes = new ByteWriter();
  readonly texts = new TextWriter();
  readonly shapes = new ShapeTable();
  readonly buffers: BufferWriter;
  readonly #root: string;
  readonly #codecs: readonly Codec[] | undefined;
  readonly #made: CodecResults;
  readonly #frames: Frame[] = [];
  readonly #numbers = new Map<object, number>();
  /** Objects whose codec's result is being written: decoding could not point back to them. */
  readonly #openCustoms = new Set<object>();

  constructor(options: EncodeOptions, made: CodecResults, whole: WholeBuffers) {
    this.#made = made;
    this.#root = options.root ?? 'result';
    this.#codecs = options.codecs?.length ? options.codecs : undefined;
    this.buffers = new BufferWriter(options.inlineBytes ?? defaultInlineBytes, whole);
  }

  run(value: unknown): Encoded {
    this.write(value);
    for (let frame = this.#frames.at(-1); frame; frame = this.#frames.at(-1)) this.#writeMembers(frame);
    const { table, buffers, sources } = this.buffers.finish();
    return { skeleton: assemble([table, this.texts.finish(), this.nodes.finish()]), buffers, sources };
  }

  text(text: string): void {
    this.nodes.count(text.length);
    this.texts.add(text);
  }

  write(value: unknown): void {
    if (value !== null && (typeof value === 'object' || typeof value === 'function'))
      this.#writeObject(value);
    else visit<Encoding, void>(nodeWriters, this, value);
  }

  enter(kind: ContainerKind, source: object, items: readonly unknown[]): void {
    if (items.length > 0) this.#frames.push({ kind, source, items, next: 0 });
  }

  path(): string {
    return pathText(
      this.#root,
      this.#frames.filter((frame) => frame.next > 0).map((frame) => stepOf[frame.kind](frame)),
    );
  }

  refuse(what: string, member?: string): never {
    const step = member === undefined ? '' : fieldStep(member);
    throw new UnserializableResultError(this.path() + step, what);
  }

  #writeMembers(frame: Frame): void {
    const depth = this.#frames.length;
    const { items, source } = frame;
    const areNames = frame.kind === 'fields' || frame.kind === 'sparse';
    while (frame.next < items.length) {
      const item = items[frame.next++];
      // Frames of fields have names for items.
      this.write(areNames ? readField(source, item as string) : item);
      if (this.#frames.length !== depth) return;
    }
    this.#frames.pop();
    if (frame.kind === 'custom') this.#openCustoms.delete(source);
  }

  #writeObject(value: object): void {
    const number = this.#numbers.get(value);
    if (number !== undefined) {
      if (this.#openCustoms.has(value)) {
        this.refuse('a reference back to an object that a codec encodes');
      }
      this.nodes.byte(nodes.ref);
      this.nodes.count(number);
      return;
    }
    this.#numbers.set(value, this.#numbers.size);
    if (value instanceof BlobBytes) {
      writeBlobBytes(this, value);
      return;
    }
    if (value instanceof CollectedStream) {
      this.#enterCustom(STREAM, value, { ...value });
      return;
    }
    const codec = this.#frames.at(-1)?.kind === 'custom' ? undefined : codecFor(value, this.#codecs);
    if (codec === undefined) {
      this.#writeAsItIs(value);
      return;
    }
    if (codecNamed(codec.name, this.#codecs) !== codec) this.refuse(unlisted(codec));
    this.#enterCustom(
      codec.name,
      value,
      this.#made.of(value, codec, 'encode', () => this.path()),
    );
  }

  #enterCustom(name: string, value: object, plain: unknown): void {
    this.nodes.byte(nodes.custom);
    this.text(name);
    this.#openCustoms.add(value);
    this.enter('custom', value, [plain]);
  }

  /** What is more than its kind says comes in a node around it. */
  #writeAsItIs(value: object): void {
    const kind = kindOf(value);
    const added = addedMembers(kind, value, LISTED_ELEMENTS);
    const integrity = kind === 'function' ? 0 : integrityOf(value);
    if (added.length > 0 || integrity > 0) writeExtension(this, value, { added, integrity });
    visitAs<Encoding, void>(kind, nodeWriters, this, value);
  }
}

function assemble(sections: readonly Uint8Array[]): Uint8Array {
  const byteLength = sections.reduce((sum, section) => sum + section.length, headerBytes);
  // Section lengths are 32 bits wide.
  if (byteLength >= 2 ** 32) throw new RangeError('More than 4 GiB of structure');
  const skeleton = new Uint8Array(byteLength);
  const view = new DataView(skeleton.buffer);
  view.setUint16(0, skeletonMagic, true);
  view.setUint16(2, SKELETON_FORMAT, true);
  let at = headerBytes;
  for (const [index, section] of sections.entries()) {
    view.setUint32(4 + 4 * index, section.length, true);
    skeleton.set(section, at);
    at += section.length;
  }
  return skeleton;
}

/** An object whose class declares a codec that a later page would not find. */
const unlisted = ({ name }: Codec): string =>
  `an object of the codec "${name}", which is not in "codecs", or behind another one of that name,`;

function refusalOf(error: unknown, path: string): unknown {
  if (isMemoryError(error)) return error;
  const isCodecs = error instanceof CodecFailure;
  const what = isCodecs ? error.message : `what threw "${error}" when it was read`;
  const refusal = new UnserializableResultError(isCodecs && error.path !== '' ? error.path : path, what);
  refusal.cause = isCodecs ? error.cause : error;
  return refusal;
}

/** A value is taken apart so many times at most; then no buffer is. */
const MAX_ATTEMPTS = 4;

/** Takes a value apart; accessors are evaluated. A promise where a codec takes its time. @throws UnserializableResultError */
export function encode(
  value: unknown,
  options: EncodeOptions = {},
  made = new CodecResults(),
): Encoded | Promise<Encoded> {
  const encoded = encodeNow(value, options, made);
  if (!made.isWaiting) return encoded;
  options.onWait?.(encoded.sources);
  return encodeAgain(value, options, made);
}

function encodeNow(value: unknown, options: EncodeOptions, made: CodecResults): Encoded {
  const whole = new Set<ArrayBuffer>();
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
    const encoded = encodeWith(value, new ValueEncoding(options, made, whole));
    if (!(encoded instanceof JoinedRanges)) return encoded;
    whole.add(encoded.buffer);
  }
  const encoded = encodeWith(value, new ValueEncoding(options, made, { has: () => true }));
  if (encoded instanceof JoinedRanges) throw encoded; // nothing is apart any more
  return encoded;
}

function encodeWith(value: unknown, encoding: ValueEncoding): Encoded | JoinedRanges {
  try {
    return encoding.run(value);
  } catch (error) {
    if (error instanceof JoinedRanges) return error;
    throw refusalOf(error, encoding.path());
  }
}

async function encodeAgain(value: unknown, options: EncodeOptions, made: CodecResults): Promise<Encoded> {
  try {
    await made.ready();
  } catch (error) {
    throw refusalOf(error, '');
  }
  return encode(value, options, made);
}
