/** Which entries a list shows, and in which order. */
import type { EntryInfo } from 'keepsake';

export type SortKey =
  | 'functionId'
  | 'sizeBytes'
  | 'computeMs'
  | 'savedMs'
  | 'hits'
  | 'lastUsedAt'
  | 'createdAt';

export interface EntryOrder {
  readonly by: SortKey;
  readonly direction: 'ascending' | 'descending';
}

export interface EntryFilter {
  readonly text: string;
  readonly functionId: string;
  readonly tag: string;
  readonly identity: string;
  /** Used within so many milliseconds; negative: not used for so long. */
  readonly usedMs: number;
  readonly minBytes: number;
}

export const noFilter: EntryFilter = {
  ...{ text: '', functionId: '', tag: '', identity: '', usedMs: 0, minBytes: 0 },
};

export function compareBy({ by, direction }: EntryOrder): (a: EntryInfo, b: EntryInfo) => number {
  const sign = direction === 'ascending' ? 1 : -1;
  return (a, b) => {
    const [first, second] = [a[by], b[by]];
    if (first === second) return a.key < b.key ? -1 : Number(a.key > b.key);
    return sign * (first < second ? -1 : 1);
  };
}

const kindOfIdentity = ({ identity = '' }: EntryInfo): string => identity.split(':')[0] ?? '';

export function isWantedBy(filter: EntryFilter, now: number): (entry: EntryInfo) => boolean {
  const { text, functionId, tag, identity, usedMs, minBytes } = filter;
  const wanted = text.trim().toLowerCase();
  const has = (where: string): boolean => where.toLowerCase().includes(wanted);
  return (entry) =>
    (functionId === '' || entry.functionId === functionId) &&
    (tag === '' || entry.tags.includes(tag)) &&
    (identity === '' || kindOfIdentity(entry) === identity) &&
    entry.sizeBytes >= minBytes &&
    (usedMs === 0 || (usedMs > 0 ? entry.lastUsedAt >= now - usedMs : entry.lastUsedAt < now + usedMs)) &&
    (wanted === '' || has(entry.functionId) || has(entry.argumentsPreview) || entry.tags.some(has));
}

/** The head of a function's entries in a list by groups. */
export interface EntryGroup {
  readonly group: string;
  readonly count: number;
  readonly bytes: number;
}

export type ListItem = EntryInfo | EntryGroup;

export const isGroup = (item: ListItem): item is EntryGroup => 'group' in item;

/** The entries by function, in the order in which the functions come first. */
export function grouped(entries: readonly EntryInfo[]): ListItem[] {
  const byFunction = new Map<string, EntryInfo[]>();
  for (const entry of entries) {
    const group = byFunction.get(entry.functionId);
    if (group) group.push(entry);
    else byFunction.set(entry.functionId, [entry]);
  }
  const items: ListItem[] = [];
  for (const [group, all] of byFunction) {
    items.push({ group, count: all.length, bytes: all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) });
    for (const entry of all) items.push(entry);
  }
  return items;
}
