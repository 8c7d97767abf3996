/** The running totals: kept by every transaction, counted anew where they were lost. */
import { emptyState, type FunctionRecord, type StateRecord } from './schema.ts';
import type { Transaction } from './transaction.ts';
import { detailOf, functionOf, stateOf } from './validate.ts';

/** The row of a function's key space before its first entry. */
export const emptyFunction = (functionKey: string, functionId: string, identity = ''): FunctionRecord => ({
  functionKey,
  functionId,
  identity,
  epoch: 0,
  entries: 0,
  bytes: 0,
  createdAt: Date.now(),
  lastUsedAt: 0,
  hits: 0,
  computeMs: 0,
  savedMs: 0,
  misses: {},
});

/** The memory's totals. Before the first commit, and where they were damaged, the entries are counted. */
export async function readState(tx: Transaction): Promise<StateRecord> {
  const state = stateOf(await tx.objectStore('state').get('state'));
  if (state) return state;
  let [entries, bytes] = [0, 0];
  let cursor = await tx.objectStore('details').openCursor();
  while (cursor) {
    entries += 1;
    bytes += detailOf(cursor.value)?.sizeBytes ?? 0;
    cursor = await cursor.continue();
  }
  return { ...emptyState, entries, bytes };
}

/** The row of a function's key space; a damaged one starts anew. */
export async function readFunction(
  tx: Transaction,
  functionKey: string,
): Promise<FunctionRecord | undefined> {
  return functionOf(await tx.objectStore('functions').get(functionKey));
}

/** Takes what was removed off the totals, of the memory and of each function. */
export async function subtractTotals(
  tx: Transaction,
  perFunction: ReadonlyMap<string, { entries: number; bytes: number }>,
  state: StateRecord,
): Promise<void> {
  let { entries, bytes } = state;
  for (const [functionKey, gone] of perFunction) {
    entries -= gone.entries;
    bytes -= gone.bytes;
    const row = await readFunction(tx, functionKey);
    if (!row) continue;
    await tx.objectStore('functions').put({
      ...row,
      entries: Math.max(0, row.entries - gone.entries),
      bytes: Math.max(0, row.bytes - gone.bytes),
    });
  }
  await tx.objectStore('state').put({ ...state, entries: Math.max(0, entries), bytes: Math.max(0, bytes) });
}
