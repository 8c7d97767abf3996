/**
 * Walks a value and writes its canonical stream. An explicit stack: depth costs memory, never the call stack.
 *
 * Purely by value, so a shared part is walked each time it is met. A value so entangled that this might never end
 * (a graph of cross-linked nodes) is walked again with each object once, and only then is sharing part of its key.
 */
import { UnhashableArgumentError, unhashableCure } from '../errors/errors.ts';
import { addedMembers, type Codec, codecFor, kindOf, visit, visitAs } from '../values/values.ts';
import type { CanonicalStream } from './canonical-stream.ts';
import { type Frame, type FrameKind, ignoredBelow, newFrame, pathOfFrames } from './frame.ts';
import { tags } from './key-format.ts';
import { memberWriters } from './members.ts';
import type { Walk, WalkContext } from './walk.ts';
import { enterMembers, writers } from './writers.ts';

/** Objects met before a value counts as entangled: some tenths of a second. */
const objectLimit = 1_000_000;
/** More references than a value in memory has: a getter or a codec that makes new ones without end. */
const tangledLimit = 50_000_000;

/** Thrown by a walk that met too many objects; walk again with `isTangled`. */
export class EntangledValue extends Error {}

/** One walk over one value. */
export class CanonicalWalk implements Walk {
  readonly stream: CanonicalStream;
  readonly context: WalkContext;
  readonly #frames: Frame[] = [];
  /** Every container that the walk is inside of, by its depth; in entangled values every one met, by its number. */
  readonly #positions = new Map<object, number>();
  #objectCount = 0;

  constructor(stream: CanonicalStream, context: WalkContext) {
    this.stream = stream;
    this.context = context;
  }

  get depth(): number {
    return this.#frames.length;
  }

  /** Writes the whole value. */
  run(value: unknown): void {
    this.write(value);
    for (let frame = this.#frames.at(-1); frame; frame = this.#frames.at(-1)) {
      memberWriters[frame.kind](this, frame);
    }
  }

  write(value: unknown): void {
    // The frequent primitives without a look-up of their kind.
    if (typeof value === 'number') this.stream.number(value);
    else if (typeof value === 'string') this.stream.text(value);
    else if (value !== null && (typeof value === 'object' || typeof value === 'function'))
      this.#writeObject(value);
    else visit<Walk, void>(writers, this, value);
  }

  enter(kind: FrameKind, source: object, items: readonly unknown[]): void {
    const parent = this.#frames.at(-1);
    const ignored = parent === undefined ? this.context.ignored : ignoredBelow(parent);
    // An object that members were added to has two frames, and is met again below either.
    if (!this.#positions.has(source)) {
      this.#positions.set(source, this.context.isTangled ? this.#positions.size : this.#frames.length);
    }
    this.#frames.push(newFrame(kind, source, items, ignored));
  }

  leave(): void {
    const frame = this.#frames.pop();
    if (!frame || this.context.isTangled) return;
    if (this.#positions.get(frame.source) === this.#frames.length) this.#positions.delete(frame.source);
  }

  path(): string {
    return pathOfFrames(this.context.root, this.#frames);
  }

  refuse(what: string, library?: string): never {
    throw new UnhashableArgumentError(this.path(), what, unhashableCure(library));
  }

  #writeObject(value: object): void {
    if (++this.#objectCount > objectLimit) this.#stopIfEndless();
    const position = this.#positions.get(value);
    if (position !== undefined) {
      this.#writePosition(position);
      return;
    }
    const codec = this.#codecFor(value);
    if (codec === undefined) {
      this.#writeAsItIs(value);
      return;
    }
    this.stream.tag(tags.custom);
    this.stream.text(codec.name);
    this.enter('custom', value, [this.context.made.of(value, codec, 'hash', () => this.path())]);
  }

  #writeAsItIs(value: object): void {
    const kind = kindOf(value);
    const added = addedMembers(kind, value);
    if (added.length > 0) {
      this.stream.tag(tags.added);
      enterMembers(this, value, added);
    }
    visitAs<Walk, void>(kind, writers, this, value);
  }

  /** What a codec made is plain, even if the codec would take it for its own. */
  #codecFor(value: object): Codec | undefined {
    return this.#frames.at(-1)?.kind === 'custom' ? undefined : codecFor(value, this.context.codecs);
  }

  #writePosition(position: number): void {
    const { isTangled } = this.context;
    this.stream.tag(isTangled ? tags.seen : tags.ancestor);
    this.stream.count(isTangled ? position : this.#frames.length - position);
  }

  #stopIfEndless(): void {
    if (!this.context.isTangled) throw new EntangledValue();
    if (this.#objectCount > tangledLimit) this.refuse('a structure without an end');
  }
}
