/** Running totals, added up by function. Nothing scans the store. */
import type { FunctionRecord } from '../catalog/catalog.ts';
import type { ElsewhereTotals } from '../portable/portable.ts';

export interface FunctionStatistics {
  readonly functionId: string;
  /** Code identities of the function that have entries or were called. */
  readonly versions: number;
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  /** By reason. */
  readonly misses: Readonly<Record<string, number>>;
  /** Spent computing what is stored. */
  readonly computeMs: number;
  /** What hits would have taken to compute. */
  readonly savedMs: number;
  readonly lastUsedAt: number;
}

export interface MemoryStatistics {
  /** Of this page, where the memory has packs or a shared tier: hits by where they came from, and bytes that came and went. */
  readonly elsewhere?: ElsewhereTotals;
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: Readonly<Record<string, number>>;
  readonly computeMs: number;
  readonly savedMs: number;
}

type Totals = Pick<FunctionRecord, 'entries' | 'bytes' | 'hits' | 'misses' | 'computeMs' | 'savedMs'>;

const nothing: Totals = { entries: 0, bytes: 0, hits: 0, misses: {}, computeMs: 0, savedMs: 0 };

function addMisses(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum = { ...a };
  for (const [reason, count] of Object.entries(b)) sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
}

const add = (a: Totals, b: Totals): Totals => ({
  entries: a.entries + b.entries,
  bytes: a.bytes + b.bytes,
  hits: a.hits + b.hits,
  misses: addMisses(a.misses, b.misses),
  computeMs: a.computeMs + b.computeMs,
  savedMs: a.savedMs + b.savedMs,
});

export const memoryStatistics = (
  rows: readonly FunctionRecord[],
  elsewhere?: ElsewhereTotals,
): MemoryStatistics => ({ ...rows.reduce(add, nothing), ...(elsewhere && { elsewhere }) });

/** One line per function, the last used first. */
export function functionStatistics(rows: readonly FunctionRecord[]): FunctionStatistics[] {
  const byId = new Map<string, FunctionRecord[]>();
  for (const row of rows) {
    const versions = byId.get(row.functionId);
    if (versions) versions.push(row);
    else byId.set(row.functionId, [row]);
  }
  return [...byId]
    .map(([functionId, versions]) => ({
      functionId,
      versions: versions.length,
      ...versions.reduce(add, nothing),
      lastUsedAt: Math.max(...versions.map(({ lastUsedAt }) => lastUsedAt)),
    }))
    .sort((a, b) => b.lastUsedAt - a.lastUsedAt);
}
