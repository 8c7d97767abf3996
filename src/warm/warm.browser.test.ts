import { afterAll, afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { freshMemory, freshName } from '../testing/memories.ts';
import {
  type AskedWithin,
  WARM_BINDING,
  type WarmMessage,
  type WarmReport,
} from '../warm-protocol/warm-protocol.ts';
import { type WarmCall, type Warming, warm } from './warm.ts';

const server = inject('faultyServer');
let bucket = '';

beforeEach(() => {
  bucket = freshName();
});

afterEach(() => {
  Reflect.deleteProperty(globalThis, WARM_BINDING);
  vi.restoreAllMocks();
});

afterAll(async () => {
  await Memory.clearOrigin();
});

/** Functions as a build has them: `inner` is called by `outer` only. */
function build(versions: { readonly inner?: number; readonly outer?: number; readonly other?: number } = {}) {
  const { memory } = freshMemory({ verify: 'off' });
  const options = (id: string, version = 1) => ({ id, version, trustVersion: true });
  const inner = memory.cache((n: number) => [n], options('inner', versions.inner));
  const outer = memory.cache(async (n: number) => [...(await inner(n)), n], options('outer', versions.outer));
  const other = memory.cache((n: number) => ({ n }), options('other', versions.other));
  return { memory, inner, outer, other };
}

const packUrl = (name: string): string => `${server}/none/${bucket}/${name}`;

interface Run {
  readonly report: WarmReport;
  readonly computed: readonly string[];
  readonly errors: readonly string[];
  readonly said: readonly WarmMessage[];
}

/** Runs calls as the program that opens the page has them run. */
async function run(warming: Warming, last?: string, within: AskedWithin = {}): Promise<Run> {
  const said: WarmMessage[] = [];
  const target = packUrl(freshName());
  const order = { ...(last !== undefined && { last }), within, target };
  Reflect.set(globalThis, WARM_BINDING, async (message: WarmMessage) => {
    said.push(structuredClone(message));
    return message.kind === 'ready' ? order : undefined;
  });
  await warm(warming);
  const ended = said.flatMap((message) => (message.kind === 'called' ? [message] : []));
  const [report] = said.flatMap((message) => (message.kind === 'done' ? [message.report] : []));
  if (!report) throw new Error(`Not done: ${JSON.stringify(said.at(-1))}`);
  return {
    report,
    computed: ended.flatMap(({ computed }) => computed.map(({ functionId }) => functionId)),
    errors: ended.flatMap(({ error }) => error ?? []),
    said: [...said, { kind: 'not-used', reason: target }],
  };
}

const targetOf = ({ said }: Run): string => (said.at(-1) as { readonly reason: string }).reason; // put there by run()
const packed = ({ report }: Run): Record<string, number> =>
  Object.fromEntries(report.functions.map(({ functionId, entries }) => [functionId, entries]));

describe('warm()', () => {
  test('packs what calls asked for; the next run computes nothing and packs the same', async () => {
    const first = build();
    const calls: WarmCall[] = [() => first.outer(1), () => first.outer(2), () => first.other(3)];
    const before = await run({ memory: first.memory, calls });
    expect(before.computed.toSorted()).toEqual(['inner', 'inner', 'other', 'outer', 'outer']);
    expect(packed(before)).toEqual({ inner: 2, outer: 2, other: 1 });
    const again = build();
    const after = await run(
      { memory: again.memory, calls: [() => again.outer(1), () => again.outer(2), () => again.other(3)] },
      targetOf(before),
      before.report.within,
    );
    expect(after.computed).toEqual([]);
    expect(packed(after)).toEqual(packed(before));
    expect(after.report.leftOut).toBe(0);
    const imported = await freshMemory().memory.import(targetOf(after));
    expect(imported).toMatchObject({ imported: 5, damaged: 0 });
    // What is called within is kept beyond a run in which nothing asked for it.
    const changed = build({ outer: 2 });
    const last = await run(
      { memory: changed.memory, calls: () => [() => changed.outer(1)] },
      targetOf(after),
      after.report.within,
    );
    expect(last.computed).toEqual(['outer']);
    expect(packed(last)).toEqual({ inner: 1, outer: 1 });
    expect(last.report.leftOut).toBe(4);
  });

  test('keeps nothing of code that is another one by now, though its calls ran at once with others', async () => {
    const first = build();
    const both = ({ outer, other }: typeof first): WarmCall[] => [() => Promise.all([outer(1), other(1)])];
    const before = await run({ memory: first.memory, calls: both(first) });
    const changed = build({ other: 2 });
    const after = await run(
      { memory: changed.memory, calls: both(changed) },
      targetOf(before),
      before.report.within,
    );
    expect(after.computed).toEqual(['other']);
    expect(packed(after)).toEqual({ inner: 1, outer: 1, other: 1 });
  });

  test('goes on after a call that throws, and names what cannot be packed', async () => {
    const { memory, other } = build();
    const plain = memory.cache((n: number) => n, { id: 'plain' });
    const odd = memory.cache(() => new WeakMap(), { id: 'odd', version: 1, trustVersion: true });
    async function* calls(): AsyncGenerator<WarmCall> {
      yield () => {
        throw new Error('no data');
      };
      yield () => other(1);
      yield () => plain(1);
      yield () => odd();
    }
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const made = await run({ memory, calls });
    expect(made.errors).toEqual(['no data']);
    expect(packed(made)).toEqual({ other: 1 });
    expect(made.report.unpacked).toEqual([
      { functionId: 'odd', reason: 'unserializable' },
      { functionId: 'plain', reason: 'its code is known by its source only' },
    ]);
  });

  test('computes where the last pack cannot be read, and says what is no module of calls', async () => {
    const { memory, other } = build();
    await fetch(packUrl('broken'), { method: 'PUT', body: 'nothing' });
    const made = await run({ memory, calls: [() => other(1)] }, packUrl('broken'));
    expect(made.said).toContainEqual({ kind: 'not-used', reason: expect.stringContaining('pack') });
    expect(made.computed).toEqual(['other']);
    await expect(run({ memory } as unknown as Warming)).rejects.toThrow('is to export');
  });

  test('does nothing in a page that nobody drives', async () => {
    const told = vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const calls = vi.fn(() => []);
    await warm({ memory: build().memory, calls });
    expect(calls).not.toHaveBeenCalled();
    expect(told).toHaveBeenCalledOnce();
  });
});
