/** Stands in for the library in small programs: it makes the real key of each call, and keeps nothing. */
import { CallKeys } from '../../calls/call-keys.ts';
import { setMethod, setToken } from '../../calls/calls.ts';
import type { MemoryContext } from '../../calls/context.ts';
import { type FunctionFacts, isFunctionFacts } from '../../fingerprint/fingerprint.ts';
import { type KeyHasher, openKeyHasher } from '../../keys/keys.ts';
import type { AnyFunction, FunctionOptions } from '../../options/options.ts';

/** What one cached call came to. */
export interface KeyedCall {
  /** The call key; undefined where the call cannot be kept. */
  readonly key: string | undefined;
  readonly isPartial: boolean;
  /** Why there is no key. */
  readonly refusal?: string;
  readonly state?: readonly string[];
}

const calls: KeyedCall[] = [];
const opened: Promise<unknown>[] = [];
let hasher: KeyHasher | undefined;

function keyed(
  keys: CallKeys | undefined,
  facts: FunctionFacts | undefined,
  call: { self: unknown; args: unknown[] },
): KeyedCall {
  const state = facts?.state ?? [];
  const isPartial = facts?.flags?.includes('partial') ?? false;
  if (!keys || !facts) return { key: undefined, isPartial, refusal: 'no facts' };
  try {
    return { key: String(keys.keyOf(call.self, call.args)), isPartial, state };
  } catch (error) {
    return { key: undefined, isPartial, refusal: String(error), state };
  }
}

export class Memory {
  readonly name = 'm';

  cache(fn: unknown, options: Omit<FunctionOptions, 'codecs'> = {}, given?: unknown): unknown {
    if (typeof fn !== 'function') return () => undefined;
    const work = fn as AnyFunction; // a program of ours
    const facts = isFunctionFacts(given) ? given : undefined;
    // Keys ask their context for no more than this.
    const context = { options: { name: 'm' }, hasher: () => hasher } as unknown as MemoryContext;
    let keys: CallKeys | undefined;
    opened.push(
      Promise.resolve().then(async () => {
        hasher ??= await openKeyHasher('xxh128');
        keys =
          facts &&
          new CallKeys(
            context,
            work,
            { ...options, codecs: undefined },
            { facts, site: { entry: work, isMethod: false } },
          );
        await keys?.open();
      }),
    );
    function cached(this: unknown, ...args: never[]): unknown {
      calls.push(keyed(keys, facts, { self: this, args }));
      return work.apply(this, args);
    }
    setMethod(cached, work);
    setToken(cached, () => keys?.token ?? '');
    return cached;
  }
}

type Call = (f: (x: unknown) => unknown) => unknown;

interface Program {
  readonly f: (x: unknown) => unknown;
  readonly poke?: () => unknown;
}

/** What a program answered, and the keys of the calls that it made. */
export interface FormRun {
  readonly result: string;
  readonly calls: readonly KeyedCall[];
}

/** Text of a result; whatever a program answers can be compared by it. */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

async function run(program: Program, call: Call): Promise<FormRun> {
  calls.length = 0;
  let result: string;
  try {
    result = textOf(await call(program.f));
  } catch (error) {
    result = `threw ${String(error)}`;
  }
  return { result, calls: [...calls] };
}

/** Calls the program three times, then changes its state if it can, and calls again. */
export async function runProgram(program: Program, call: Call): Promise<FormRun[]> {
  await Promise.all(opened);
  const runs = [await run(program, call), await run(program, call), await run(program, call)];
  if (!program.poke) return runs;
  await program.poke();
  await Promise.all(opened);
  return [...runs, await run(program, call)];
}

/** What each function of a program answers to some inputs, and the key of its first call. */
export interface FunctionRun {
  readonly name: string;
  readonly result: string;
  readonly call: KeyedCall | undefined;
}

/** Calls every function of a program. */
export async function runFunctions(
  program: Readonly<Record<string, (x: number) => unknown>>,
): Promise<FunctionRun[]> {
  await Promise.all(opened);
  return Object.entries(program).map(([name, fn]) => {
    calls.length = 0;
    const results = [3, 7].map((input) => {
      try {
        return JSON.stringify(fn(input)) ?? 'undefined';
      } catch (error) {
        return `threw ${error instanceof Error ? error.name : 'something'}`;
      }
    });
    return { name, result: results.join(' '), call: calls[0] };
  });
}
