/** What the readers of single nodes see of a decoding under way. */
import type { Codec } from '../values/values.ts';
import type { BufferReader, BufferSource } from './buffer-reader.ts';
import type { ByteReader } from './byte-reader.ts';

/** How members are put into a container. */
export type FillKind =
  | 'root'
  | 'fields'
  | 'array'
  | 'map'
  | 'set'
  | 'sparse'
  | 'error'
  | 'custom'
  | 'extended';

/** A key list, and whether its objects have a prototype. */
export interface Shape {
  readonly names: readonly string[];
  readonly hasPrototype: boolean;
}

/** A container whose members are being read. */
export interface Fill {
  readonly kind: FillKind;
  readonly target: object;
  readonly names: readonly string[];
  readonly end: number;
  next: number;
  /** A Map's key whose value comes next; the only member of a root or custom node; the object of an extended one. */
  held: unknown;
  /** Errors: how many of the names, from the first, are not enumerable. */
  readonly hiddenCount: number;
  /** Extended nodes: how open the object is to changes. */
  readonly integrity: number;
  /** Custom nodes: what turns the member into the value, and the value's number. */
  readonly codec: Codec | undefined;
  readonly number: number;
}

/** In place of a value whose codec has not seen all of it yet. */
export const pending = Symbol('pending');

/** A decoding under way. */
export interface Decoding {
  readonly nodes: ByteReader;
  readonly buffers: BufferReader;
  readonly source: BufferSource;
  readonly shapes: Shape[];
  /** The codec of what was encoded under that name. */
  codecNamed(name: string): Codec | undefined;
  /** The value of a stream's chunk, whose buffers lie behind its skeleton. */
  chunk(bytes: Uint8Array, skeletonBytes: number): unknown;
  /** Inside of what a codec will turn into an object: its arrays are the codec's, never mapped. */
  readonly isInCustom: boolean;
  /** Reads a length here and cuts the characters from the text section. */
  text(): string;
  /** A member name; made unique by the engine, so that storing under it is fast. */
  name(): string;
  /** Reads one of the primitives. */
  primitive(): unknown;
  /** Gives an object its number. */
  register<T>(value: T): T;
  /** The object of that number. */
  registered(number: number): unknown;
  /** How many elements may be allocated ahead of their reading: all containers share what the input's length allows. */
  reserve(count: number): boolean;
  enter(fill: Partial<Fill> & Pick<Fill, 'kind' | 'target' | 'end'>): void;
}
