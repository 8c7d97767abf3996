/** The same on the console, for who has no panel at hand. */
import type { EntryInfo, Memory } from 'keepsake';
import { formatBytes, formatDuration, formatEntries, shortened, visible } from './format.ts';

/** Entries that are listed: the last used ones. */
const LISTED = 20;

const functionRow = ({
  entries,
  bytes,
  hits,
  computeMs,
  savedMs,
}: Awaited<ReturnType<Memory['functions']>>[number]) => ({
  entries,
  size: formatBytes(bytes),
  hits,
  computed: formatDuration(computeMs),
  saved: formatDuration(savedMs),
});

const entryRow = ({ key, functionId, argumentsPreview, sizeBytes, computeMs, hits }: EntryInfo) => ({
  function: visible(shortened(functionId, 60)),
  arguments: visible(shortened(argumentsPreview, 60)),
  size: formatBytes(sizeBytes),
  computed: formatDuration(computeMs),
  hits,
  key,
});

/**
 * Prints on the console what a memory holds: where, how much, what each function takes and saves, and the entries that
 * were used last. A key of them is for `memory.open(key)`.
 */
export async function inspect(memory: Memory): Promise<void> {
  const { tier, reasons } = await memory.storageStatus();
  const functions = await memory.functions();
  const { entries, bytes, hits, savedMs } = await memory.stats();
  const last: EntryInfo[] = [];
  for await (const entry of memory.entries({ limit: LISTED })) last.push(entry);
  const why = reasons.length > 0 ? ` (${reasons.join('; ')})` : '';
  console.log(
    `keepsake/${memory.name}: ${formatEntries(entries)}, ${formatBytes(bytes)}, ${hits} hits that saved ${formatDuration(savedMs)}; storage: ${tier}${why}`,
  );
  console.table(
    Object.fromEntries(functions.map((row) => [visible(shortened(row.functionId, 60)), functionRow(row)])),
  );
  console.table(last.map(entryRow));
}
