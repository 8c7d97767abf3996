/**
 * Memory among the arguments that the function transfers away: its content is in the key that was taken at the call, and
 * what is gone cannot have changed. What stays is looked at by itself.
 */
import type { Checksum } from '../digest/digest.ts';
import { isDetached } from '../values/values.ts';

/** Deeper and wider than arguments that hand memory over. What lies beyond cannot be told apart, and is not kept. */
const DEEPEST = 8;
const MOST_MEMBERS = 1_000;

const isImage = (value: object): value is ImageData =>
  typeof ImageData !== 'undefined' && value instanceof ImageData;

/** The bytes that an argument is, or shows; undefined where it is no memory. */
function memoryOf(value: object): ArrayBufferView | ArrayBuffer | undefined {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value;
  return isImage(value) ? value.data : undefined;
}

const bufferOf = (memory: ArrayBufferView | ArrayBuffer): ArrayBufferLike =>
  ArrayBuffer.isView(memory) ? memory.buffer : memory;

const bytesOf = (memory: ArrayBufferView | ArrayBuffer): Uint8Array =>
  ArrayBuffer.isView(memory)
    ? new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength)
    : new Uint8Array(memory);

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** The arguments as they are before the function is entered: what is memory, and what it holds. */
export class ArgumentMemory {
  readonly #checksum: Checksum;
  /** Each object that is memory, and the checksum of what it holds where others may be gone while it stays. */
  readonly #known = new Map<object, bigint | undefined>();
  readonly #args: readonly unknown[];

  constructor(args: readonly unknown[], checksum: Checksum) {
    this.#args = args;
    this.#checksum = checksum;
    this.#replace(args, (value) => void this.#known.set(value, undefined));
    const memories = [...this.#known.keys()].flatMap((value) => memoryOf(value) ?? []);
    if (new Set(memories.map(bufferOf)).size < 2) return;
    for (const value of this.#known.keys()) this.#known.set(value, this.#checkOf(value));
  }

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /** Whether some of it is gone, and the rest is as it was. */
  get isTransferred(): boolean {
    const gone = [...this.#known].filter(([value]) => this.#isGone(value));
    const isRestSame = [...this.#known].every(
      ([value, check]) => this.#isGone(value) || this.#checkOf(value) === check,
    );
    return gone.length > 0 && isRestSame;
  }

  /** The arguments with a name in place of each memory: equal as long as nothing else changes. */
  outline(): unknown[] {
    const names = new Map([...this.#known.keys()].map((value, at) => [value, `memory ${at}`]));
    return this.#replace(this.#args, (value) => names.get(value) ?? 'other memory') as unknown[]; // of a list
  }

  #isGone(value: object): boolean {
    const memory = memoryOf(value);
    return memory !== undefined && isDetached(bufferOf(memory) as ArrayBuffer); // shared memory was refused
  }

  #checkOf(value: object): bigint | undefined {
    const memory = memoryOf(value);
    return memory && this.#checksum(bytesOf(memory));
  }

  #replace(value: unknown, name: (memory: object) => unknown, depth = 0): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (memoryOf(value)) return name(value);
    if (depth > DEEPEST || !isPlain(value)) return value;
    const members = Object.entries(value);
    if (members.length > MOST_MEMBERS) return value;
    const replaced = members.map(([key, member]) => [key, this.#replace(member, name, depth + 1)] as const);
    if (replaced.every(([, member], at) => member === members[at]?.[1])) return value;
    return Array.isArray(value)
      ? Object.assign([...value], Object.fromEntries(replaced))
      : Object.fromEntries(replaced);
  }
}
