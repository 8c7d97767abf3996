import { REGISTRY_NAME } from '../../fingerprint/fingerprint.ts';
import { isUnfollowable } from '../report/diagnostic-code.ts';
import type { CodeSite, Item, ModuleSummary, Site } from '../summary/module-summary.ts';
import { DEFAULT_NAME } from '../summary/split-module.ts';
import { cellNames, isState } from '../summary/state-names.ts';
import type { CodeGraph } from '../walk/code-graph.ts';
import type { WalkResult } from '../walk/walk.ts';

/** A function or class of a module, and the text that stands for its code. */
export interface ToldCode {
  readonly code: CodeSite;
  readonly text: string;
  readonly files: ReadonlySet<string>;
}

/** An exported value without a name to read it by. */
export interface NamelessCell {
  readonly start: number;
  readonly end: number;
  /** Where a declaration is given a name, by which its cell and code read it. */
  readonly nameAt?: number;
  readonly key: string;
}

/** What a module tells the page while it is evaluated. */
export interface ToldModule {
  readonly codes: readonly ToldCode[];
  /** Key and name of each piece of state. */
  readonly cells: readonly (readonly [key: string, name: string])[];
  readonly nameless: NamelessCell | undefined;
}

export const nothingTold: ToldModule = { codes: [], cells: [], nameless: undefined };

/** Whether a text tells of itself already: it went through this plugin before. */
export const isTold = (source: string): boolean =>
  source.includes(`Symbol.for(${JSON.stringify(REGISTRY_NAME)})`);

export interface ModuleToTell {
  readonly path: string;
  /** Of the text that is transformed. */
  readonly summary: ModuleSummary | undefined;
  /** Whether that is the text on disk, so that places in the one are places in the other. */
  readonly isUntouched: boolean;
  readonly codes: readonly CodeSite[];
  readonly graph: CodeGraph;
  walk(site: Site): Promise<WalkResult>;
}

/** Finds the state of a module, and the functions and classes whose code says all of what they do. */
export async function tellModule(module: ModuleToTell): Promise<ToldModule> {
  const { summary, path, graph, isUntouched } = module;
  if (!summary || summary.isCommonJs || summary.error !== undefined) return nothingTold;
  const label = graph.world.label(path);
  const nameless = isUntouched ? summary.items.find((item) => isToldApart(item) && isState(item)) : undefined;
  const isNamed = nameless?.nameless?.nameAt !== undefined;
  const codes = await tellCodes(module);
  const cells = [...cellNames(summary), ...(isNamed ? [DEFAULT_NAME] : [])];
  return {
    codes: codes.filter(({ code }) => code.name !== DEFAULT_NAME || isNamed),
    cells: cells.map((name) => [`${label}#${name}`, name] as const),
    nameless: nameless?.nameless && { ...nameless.nameless, key: `${label}#${nameless.names[0]}` },
  };
}

/** A default export without a name: an expression that makes a value, a class or a function. */
const isToldApart = ({ nameless, kind }: Item): boolean =>
  nameless !== undefined && (kind === 'value' || nameless.nameAt !== undefined);

async function tellCodes(module: ModuleToTell): Promise<ToldCode[]> {
  const found: ToldCode[] = [];
  for (const code of module.codes) {
    if (code.name === undefined && !module.isUntouched) continue;
    const result = await module.walk(siteOfCode(code));
    const isPartial = result.notes.some((note) => isUnfollowable(note.code));
    const name = nameOf(module, code);
    if (isPartial || !result.isStateless || name === undefined) continue;
    found.push({ code, text: `${result.fingerprint}${name}`, files: result.files });
  }
  return found;
}

/** Two classes of one text are two classes for `instanceof`. Undefined for what is neither function nor class. */
function nameOf({ path, graph }: ModuleToTell, code: CodeSite): string | undefined {
  const [slot] = code.slots;
  if (code.name === undefined) return code.isClass ? ` ${graph.world.label(path)}#${code.start}` : '';
  const target = slot && graph.targets.ofSlot(path, slot);
  const item = target?.kind === 'item' ? graph.uses.itemOf(target) : undefined;
  if (target?.kind !== 'item' || item?.isCached !== false) return undefined;
  if (item.kind === 'class') return ` ${graph.world.label(target.path)}#${target.name}`;
  return item.kind === 'function' ? '' : undefined;
}

/** A function as if it was a cached one. */
function siteOfCode(code: CodeSite): Site {
  const nothing = {
    callee: undefined,
    params: [],
    captures: [],
    capturedThis: [],
    thisProps: [],
    usesAround: [],
  };
  const label = code.name ?? `(function ${code.start})`;
  return { ...nothing, ...code, label, form: 'call', isLikely: false, insertAt: code.end, before: '' };
}
