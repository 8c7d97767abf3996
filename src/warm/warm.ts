/** `keepsake/warm`: makes calls in a page that `keepsake warm` or the build plugin opened, and hands their results over. */
import type { Memory } from 'keepsake';
import {
  WARM_BINDING,
  type WarmBinding,
  type WarmMessage,
  type WarmOrder,
  type WarmReport,
} from '../warm-protocol/warm-protocol.ts';
import { AskedCalls } from './asked-calls.ts';

/** One call of a cached function, or several: `() => simulate(7)`. What it returns is waited for, and not used. */
export type WarmCall = () => unknown;

export type WarmCalls = Iterable<WarmCall> | AsyncIterable<WarmCall>;

/** What a module of calls exports. */
export interface Warming {
  /** The memory whose functions are called. */
  readonly memory: WarmMemory;
  /** The calls, or a function that gives them, as a generator does. */
  readonly calls: WarmCalls | (() => WarmCalls | Promise<WarmCalls>);
}

/** What is needed of a Memory. */
export type WarmMemory = Pick<
  Memory,
  'addEventListener' | 'import' | 'export' | 'entries' | 'delete' | 'flush'
>;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function bindingOf(): WarmBinding | undefined {
  const found: unknown = Reflect.get(globalThis, WARM_BINDING);
  return typeof found === 'function' ? (found as WarmBinding) : undefined; // whoever opened the page put it there
}

/**
 * Makes the calls, one after the other, and hands over a pack of their results. Results of the last pack are hits.
 * In a page that somebody else opened it does nothing, and says so.
 */
export async function warm(warming: Warming): Promise<void> {
  const say = bindingOf();
  if (!say) return console.info('[keepsake] Calls are made where `keepsake warm` opens this page');
  try {
    const order = await say({ kind: 'ready' });
    if (order) await say({ kind: 'done', report: await makeCalls(warming, order, say) });
  } catch (error) {
    await say({ kind: 'failed', reason: textOf(error) });
  }
}

type Say = (message: WarmMessage) => Promise<unknown>;

async function makeCalls({ memory, calls }: Warming, order: WarmOrder, say: Say): Promise<WarmReport> {
  if (typeof memory?.export !== 'function' || calls === undefined)
    throw new TypeError('The module of calls is to export "memory", a Memory, and "calls"');
  if (order.last !== undefined)
    await memory
      .import(order.last)
      .catch((error: unknown) => say({ kind: 'not-used', reason: textOf(error) }));
  const asked = new AskedCalls(memory);
  const listed = typeof calls === 'function' ? await calls() : calls;
  const total = Array.isArray(listed) ? listed.length : undefined;
  for await (const call of listed) {
    await say({ kind: 'call', total });
    const failed = await failureOf(call);
    await say({ kind: 'called', computed: asked.end(), ...(failed && { error: failed }) });
  }
  await memory.flush();
  const report = await asked.settle(order.within);
  const body = await new Response(memory.export()).blob();
  const { ok, status } = await fetch(order.target, { method: 'PUT', body });
  if (!ok) throw new Error(`The pack was not taken: ${status}`);
  return report;
}

async function failureOf(call: WarmCall): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return textOf(error);
  }
}
