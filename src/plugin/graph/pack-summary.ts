import type { Item, ModuleSummary } from '../summary/module-summary.ts';

/** What most declarations are; only what is otherwise is written. */
const plainItem = {
  slots: [],
  globals: [],
  notes: [],
  isEager: false,
  writers: [],
  isMutable: false,
  uses: [],
  hides: false,
  runsParameters: false,
  isIgnored: false,
  isCached: false,
  isFrozen: false,
};
const plainTraits = {
  isFlat: false,
  isCollection: false,
  isEmpty: false,
  isInert: false,
  isInertWithin: false,
  isExported: false,
  hasPrivate: false,
  hidesStatics: false,
};

/** Everything of a record that differs from a plain one. */
function strip<Part extends object>(whole: object, plain: Part): object {
  const entries = Object.entries(whole).filter(([key, value]) => {
    const usual: unknown = Object.hasOwn(plain, key) ? plain[key as keyof Part] : undefined;
    return !(Array.isArray(usual) && Array.isArray(value) ? value.length === 0 : value === usual);
  });
  return Object.fromEntries(entries);
}

/** A summary as one line of text. */
export function packSummary(summary: ModuleSummary): string {
  return JSON.stringify({
    ...summary,
    items: summary.items.map((item) => ({
      ...strip(item, plainItem),
      traits: strip(item.traits, plainTraits),
    })),
  });
}

type Packed = Omit<ModuleSummary, 'items'> & {
  readonly items: readonly (Omit<Item, keyof typeof plainItem> & Partial<Item>)[];
};

/** The summary of a text from packSummary; undefined where the text was cut off. */
export function unpackSummary(text: string): ModuleSummary | undefined {
  let packed: Packed;
  try {
    packed = JSON.parse(text); // written by this version of the plugin: the file says so
  } catch {
    return undefined;
  }
  return {
    ...packed,
    items: packed.items.map((item) => ({
      ...plainItem,
      ...item,
      traits: { ...plainTraits, ...item.traits },
    })),
  };
}
