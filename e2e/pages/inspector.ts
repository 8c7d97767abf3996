/** The panel on a memory whose functions specs call. */
import { Memory } from 'keepsake';
import { inspect } from 'keepsake/inspector';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly value: number;
}

// Nothing is verified by itself, and what was called can be.
const memory = new Memory({ name: 'inspected', verify: 0, maxBytes: '4G' });
const options = { captures: () => ({}) };

const rows = memory.cache(
  (count: number, label: string): Row[] =>
    Array.from({ length: count }, (_, id) => ({ id, name: `${label} ${id}`, value: Math.sin(id) })),
  { id: 'table-of-rows', tags: ['tables'], ...options },
);
const wave = memory.cache(
  (length: number, step: number) =>
    Float64Array.from({ length }, (_, at) => Math.sin(at * step) * Math.exp(-at / length)),
  { id: 'damped-wave', tags: ['signals'], version: 3, maxAgeMs: 86_400_000, ...options },
);
const matrix = memory.cache(
  (side: number) =>
    Float32Array.from({ length: side * side }, (_, at) => Math.hypot(at % side, Math.floor(at / side))),
  { id: 'distances', ...options },
);
const report = memory.cache(
  (title: string) => ({
    title,
    nested: { list: [1, 2, 3], map: new Map([['a', 1]]) },
    data: new Float32Array(10),
  }),
  { id: 'report', ...options },
);
const slow = memory.cache(
  async (ms: number) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return ms;
  },
  { id: 'slow', ...options },
);
/** Small and many: what a list of a hundred thousand is made of. */
const many = memory.cache((at: number) => at, { id: 'many', ...options });

/** Larger than anybody would have read to look at it. */
const huge = memory.cache((length: number) => new Float32Array(length).fill(0.5), { id: 'huge', ...options });
/** Another result at each call. */
const fickle = memory.cache((at: number) => [at, performance.now()], { id: 'fickle', ...options });

const inspected = { memory, inspect, fickle, huge, rows, wave, matrix, report, slow, many };

declare global {
  interface Window {
    readonly inspected: typeof inspected;
  }
}

Object.assign(window, { inspected });
const inspector = document.querySelector('keepsake-inspector');
if (inspector) inspector.memory = memory;
