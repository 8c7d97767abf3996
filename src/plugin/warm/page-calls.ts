/** Has a page make its calls, and tells how it gets on. */
import type { Page } from 'playwright';
import {
  WARM_BINDING,
  type WarmMessage,
  type WarmOrder,
  type WarmReport,
} from '../../warm-protocol/warm-protocol.ts';
import { countOf, seconds } from './figures.ts';

export interface PageCalls {
  readonly url: string;
  readonly order: WarmOrder;
  /** For one call; and for the page, before it begins. */
  readonly timeoutMs: number;
  log(line: string): void;
}

export interface CallsMade extends WarmReport {
  readonly calls: number;
  readonly computed: readonly { readonly functionId: string; readonly computeMs: number }[];
  /** What the calls that threw said. */
  readonly errors: readonly string[];
}

const START_MS = 60_000;
const LINE_MS = 1_000;

class Progress {
  readonly computed: { readonly functionId: string; readonly computeMs: number }[] = [];
  readonly errors: string[] = [];
  calls = 0;
  #total: number | undefined;
  #saidAt: number | undefined;
  readonly #log: (line: string) => void;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  begin(total: number | undefined): void {
    this.#total = total;
    this.#saidAt ??= performance.now();
    this.calls += 1;
  }

  end({ computed, error }: Extract<WarmMessage, { kind: 'called' }>): void {
    this.computed.push(...computed);
    if (error !== undefined) this.errors.push(`call ${this.calls}: ${error}`);
    if (performance.now() - (this.#saidAt ?? 0) < LINE_MS) return;
    this.#saidAt = performance.now();
    const of = this.#total === undefined ? '' : ` of ${this.#total}`;
    this.#log(`${countOf(this.calls, 'call')}${of}, ${this.computed.length} computed`);
  }
}

/** @throws Error where the page does not begin, fails, ends, or a call takes too long */
export async function makeCalls(page: Page, { url, order, timeoutMs, log }: PageCalls): Promise<CallsMade> {
  const { promise, resolve, reject } = Promise.withResolvers<CallsMade>();
  const progress = new Progress(log);
  const pageErrors: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const within = (ms: number, late: () => string): void => {
    clearTimeout(timer);
    timer = setTimeout(() => reject(new Error(late())), ms);
  };
  const hear = (message: WarmMessage): WarmOrder | undefined => {
    clearTimeout(timer);
    switch (message.kind) {
      case 'ready':
        return order;
      case 'not-used':
        log(`the last pack is not used: ${message.reason}`);
        return undefined;
      case 'call':
        progress.begin(message.total);
        within(timeoutMs, () => `Call ${progress.calls} has not ended after ${seconds(timeoutMs)}`);
        return undefined;
      case 'called':
        progress.end(message);
        return undefined;
      case 'done':
        resolve({ ...message.report, ...progress });
        return undefined;
      case 'failed':
        reject(new Error(message.reason));
        return undefined;
    }
  };
  page.on('pageerror', (error) => void pageErrors.push(error.message));
  page.on('requestfailed', (request) => void pageErrors.push(`${request.url()} was not loaded`));
  page.on('crash', () => reject(new Error('The page crashed')));
  page.on('close', () => reject(new Error('The browser was closed')));
  within(START_MS, () => ['The page makes no calls', ...pageErrors].join('; '));
  try {
    await page.exposeFunction(WARM_BINDING, hear);
    await page.goto(url);
    return await promise;
  } finally {
    clearTimeout(timer);
    promise.catch(() => undefined); // where opening the page failed, nobody waits for it
  }
}
