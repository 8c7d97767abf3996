/** What the writers of single nodes see of an encoding under way. */
import type { BufferWriter } from './buffer-writer.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { ShapeTable } from './shapes.ts';
import type { TextWriter } from './text-section.ts';

/** How the members of a container are reached. */
export type ContainerKind = 'fields' | 'array' | 'map' | 'set' | 'sparse' | 'custom';

/** An encoding under way. */
export interface Encoding {
  readonly nodes: ByteWriter;
  readonly texts: TextWriter;
  readonly buffers: BufferWriter;
  readonly shapes: ShapeTable;
  /** Writes the length here and the characters to the text section. */
  text(text: string): void;
  /** Writes a value, or enters it if it is a container with members. */
  write(value: unknown): void;
  /** `items`: the members, or for fields (and for the end of a sparse array) their names. */
  enter(kind: ContainerKind, source: object, items: readonly unknown[]): void;
  path(): string;
  /** Throws UnserializableResultError for the value being written, or for a member of it. */
  refuse(what: string, member?: string): never;
}
