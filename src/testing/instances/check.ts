/** Runs one program about a hidden state through keys and codec, and says what went wrong. */
import { decode, loadRareReaders } from '../../codec/codec.ts';
import { UnhashableArgumentError, UnserializableResultError } from '../../errors/errors.ts';
import { type KeyHasher, loadRareKinds } from '../../keys/keys.ts';
import { encodeNow } from '../encode-now.ts';
import { type Decoration, type Kind, load } from './hidden-state.ts';
import { same } from './same.ts';

// Any kind of value is told, and read again, without waiting.
await Promise.all([loadRareKinds(), loadRareReaders()]);

export interface Outcome {
  /** A call that would get another one's result. */
  readonly wrongHits: number;
  /** A result that comes back as something else. */
  readonly changed: number;
  /** A value in plain sight that was refused, or not found again in another page. */
  readonly missed: number;
  /** Calls of equal values that would hit. */
  readonly hits: number;
}

/** What a function would read; it may write to what is frozen. */
function readSafely(answer: () => unknown): string {
  try {
    return JSON.stringify(answer()) ?? 'undefined';
  } catch (error) {
    return String(error);
  }
}

function keyOf(hasher: KeyHasher, argument: unknown): string | undefined {
  try {
    return String(hasher.digest([argument]));
  } catch (error) {
    if (error instanceof UnhashableArgumentError) return undefined;
    throw error;
  }
}

function comesBackChanged(value: unknown): boolean {
  try {
    const { skeleton, buffers } = encodeNow(value);
    const source = {
      buffer: (index: number) => {
        const found = buffers[index];
        return found?.kind === 'memory' ? (found.bytes.slice().buffer as ArrayBuffer) : new ArrayBuffer(0); // a copy is never shared
      },
    };
    return !same(value, decode(skeleton, source));
  } catch (error) {
    if (error instanceof UnserializableResultError) return false;
    throw error;
  }
}

/** Two pages make objects of k = 1, 2, 1, each hashed and read before the next is made. */
export function check(kind: Kind, decoration: Decoration, hasher: KeyHasher): Outcome {
  const answers = new Map<string, string>();
  const outcome = { wrongHits: 0, changed: 0, missed: 0, hits: 0 };
  for (const page of [load(kind, decoration), load(kind, decoration)]) {
    for (const k of [1, 2, 1]) {
      const { argument, answer } = page.make(k);
      const key = keyOf(hasher, argument);
      const read = readSafely(answer);
      if (comesBackChanged(argument)) outcome.changed++;
      if (key === undefined) continue;
      const known = answers.get(key);
      if (known === undefined) answers.set(key, read);
      else if (known === read) outcome.hits++;
      else outcome.wrongHits++;
    }
  }
  if (kind.isSeen && outcome.hits !== 4) outcome.missed++;
  return outcome;
}
