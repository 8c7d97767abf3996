/** Calls in the way that is asked for: for a plain value, for mapped arrays, or into a buffer. */
import type { TypedArray } from '../arrays/arrays.ts';
import { type CallOverrides, type FunctionCalls, Origin, signalsOf } from '../calls/calls.ts';
import { Chunk } from '../chunks/chunks.ts';
import type { MmapMode } from '../options/options.ts';

const mapped = new Chunk(() => import('./mapped-results.ts'));

/** How a call wants its result, where it does not want a plain value. */
type Asked = { readonly mode: MmapMode } | { readonly into: TypedArray };

/** The ways of this call, of the function, of the memory: the first that says anything. */
function askedOf({ options, context }: FunctionCalls, { mmapMode, into }: CallOverrides): Asked | undefined {
  if (into) return { into };
  const inherited = options.mmapMode === undefined ? context.options.mmapMode : options.mmapMode;
  const mode = mmapMode === undefined ? inherited : mmapMode;
  return mode ? { mode } : undefined;
}

/** A call in the way that is asked for. */
export async function callAs(
  calls: FunctionCalls,
  self: unknown,
  args: readonly unknown[],
  overrides: CallOverrides = {},
): Promise<unknown> {
  const asked = askedOf(calls, overrides);
  if (!asked) return (await calls.perform(self, args, overrides)).value;
  // Where it comes from is seen in this turn only.
  for (const signal of signalsOf(args)) signal.throwIfAborted();
  overrides.signal?.throwIfAborted();
  const request = { self, args, overrides: { ...overrides, origin: new Origin() } };
  const { callInto, callMapped } = mapped.loaded ?? (await mapped.load());
  return 'into' in asked ? callInto(calls, request, asked.into) : callMapped(calls, request, asked.mode);
}
