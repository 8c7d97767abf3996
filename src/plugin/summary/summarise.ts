import { type AstNode, childOf, childrenOf, isClassNode, isFunctionNode, withoutTypes } from '../ast/node.ts';
import { parseSource, type SourceComment } from '../ast/parse.ts';
import { buildScopes } from '../ast/scopes.ts';
import { callTraits } from './call-traits.ts';
import { findCodes } from './code-sites.ts';
import { digestText } from './digest-text.ts';
import { findMemoNodes } from './find-memo-nodes.ts';
import { ItemUses } from './item-uses.ts';
import { jsxPragmas } from './jsx-nodes.ts';
import type { ModuleContext } from './module-context.ts';
import { findModuleState, type ModuleState } from './module-state.ts';
import { type Item, type ModuleSummary, type Note, SUMMARY_FORMAT } from './module-summary.ts';
import { writeMembersOfModule } from './normal-forms.ts';
import { Origins } from './origin.ts';
import { paramNames, summariseSite } from './site-units.ts';
import { specialWriters } from './special-nodes.ts';
import { DEFAULT_NAME, type ModuleParts, type RawItem, splitModule } from './split-module.ts';
import { Survey } from './survey.ts';
import { isFrozen, traitsOf } from './traits.ts';
import { UnitWriter } from './unit-writer.ts';

/** Reduces one file to what the walk needs of it. Reads nothing but its arguments. */
export function summarise(file: string, source: string): ModuleSummary {
  const parsed = parseSource(file, source);
  if ('error' in parsed) return opaqueSummary(source, parsed.error);
  const { program, comments } = parsed;
  const parts = splitModule(program);
  const bare: ModuleContext = {
    source,
    scopes: buildScopes(program),
    imports: parts.imports,
    memoNodes: new Map(),
    jsxPragmas: jsxPragmas(comments),
  };
  const origins = new Origins(bare, program);
  const memos = findMemoNodes({ context: bare, origins, program });
  const context: ModuleContext = { ...bare, memoNodes: memos.nodes };
  const items = parts.items.map((item) =>
    isMemoised(context, item) ? { ...item, kind: 'function' as const } : item,
  ); // the literal, not string
  const survey = new Survey(context, items);
  const exportedNames = exportedLocals(parts);
  const state = findModuleState(items, survey.uses, exportedNames);
  const isIgnored = ignoredNotes(source, comments);
  const keep = (notes: readonly Note[]): Note[] => notes.filter((note) => !isIgnored(note));
  const summaries = items.map((item, index) =>
    summariseItem(context, item, { state, index, keep, exportedNames, origins }),
  );
  return {
    items: summaries,
    sites: memos.sites.map((found) => {
      const site = summariseSite(context, found, items);
      return { ...site, notes: keep(site.notes) };
    }),
    codes: findCodes(
      context,
      items,
      summaries.flatMap(({ uses }) => uses),
    ),
    symbols: symbolTable(items),
    imports: Object.fromEntries(parts.imports),
    exports: Object.fromEntries(parts.exports),
    stars: parts.stars,
    bareImports: parts.bareImports,
    isCommonJs: !parsed.hasModuleSyntax && /\b(?:module|exports)\b/.test(source),
  };
}

/** The summary of a text that cannot be read as code: it counts as a whole. */
export function opaqueSummary(source: string, error: string): ModuleSummary {
  const nothing = {
    sites: [],
    codes: [],
    symbols: {},
    imports: {},
    exports: {},
    stars: [],
    bareImports: [],
  };
  const item: Item = {
    ...{ names: [], kind: 'statement', isEager: true, writers: [], isMutable: false, start: 0, end: 0 },
    ...{ uses: [], hides: false, runsParameters: false, isIgnored: false, isCached: false, isFrozen: false },
    traits: {
      holds: 'nothing',
      isFlat: false,
      isCollection: false,
      isEmpty: false,
      isInert: false,
      isInertWithin: false,
      isExported: false,
      hasPrivate: false,
      hidesStatics: false,
    },
    ...{ skeleton: digestText(`${SUMMARY_FORMAT}|text ${source}`), slots: [], globals: [], notes: [] },
  };
  return { ...nothing, items: [item], isCommonJs: true, error };
}

function isMemoised(context: ModuleContext, item: RawItem): boolean {
  return item.value !== undefined && context.memoNodes.get(item.value)?.callee !== undefined;
}

function exportedLocals(parts: ModuleParts): Set<string> {
  const names = new Set<string>();
  for (const target of parts.exports.values()) if (target.kind === 'local') names.add(target.name);
  return names;
}

function symbolTable(items: readonly RawItem[]): Record<string, number[]> {
  const table: Record<string, number[]> = Object.create(null); // names such as "constructor" are no members
  for (const [index, item] of items.entries()) {
    for (const name of item.names) table[name] = [...(table[name] ?? []), index];
  }
  return table;
}

interface ItemPlace {
  readonly state: ModuleState;
  readonly index: number;
  readonly keep: (notes: readonly Note[]) => Note[];
  readonly exportedNames: ReadonlySet<string>;
  readonly origins: Origins;
}

function summariseItem(context: ModuleContext, item: RawItem, place: ItemPlace): Item {
  const { state, index, keep } = place;
  const unit = writeItem(context, item).unit();
  const origins = place.origins.ofItem(item.names, item.value);
  const fn = item.value ?? item.node;
  return {
    ...unit,
    notes: keep(unit.notes),
    names: item.names,
    kind: item.kind,
    start: item.node.start,
    end: item.node.end,
    isEager: isEagerItem(item),
    writers: state.writers[index] ?? [],
    isMutable: state.isMutable[index] === true && keep([mutableNote(item)]).length > 0,
    isIgnored: keep([mutableNote(item), { ...mutableNote(item), code: 'FP010' }]).length < 2,
    isCached: isMemoised(context, item),
    isFrozen: isFrozen(item.value),
    ...ItemUses.of(context, item),
    traits: traitsOf(context, item, place.exportedNames),
    ...(item.names[0] === DEFAULT_NAME && { nameless: namelessPlace(context.source, item) }),
    ...(origins && { origins }),
    ...(isFunctionNode(fn) && { params: paramNames(context, fn), call: callTraits(fn) }),
  };
}

/** A declaration without a name is given one behind its keyword; an expression is wrapped. */
function namelessPlace(source: string, { node, value }: RawItem): NonNullable<Item['nameless']> {
  const { start, end } = value ?? node;
  if (value) return { start, end };
  const [first] = isClassNode(node)
    ? [childOf(node, 'superClass'), childOf(node, 'superTypeParameters'), childOf(node, 'body')].filter(
        Boolean,
      )
    : [];
  const head = source.slice(start, first?.start ?? end);
  const keyword = isClassNode(node) ? /^.*\bclass\b/su : /^(?:async\s+)?function\s*\*?/u;
  const length = keyword.exec(head)?.[0].length;
  return { start, end, ...(length !== undefined && { nameAt: start + length }) };
}

function writeItem(context: ModuleContext, item: RawItem): UnitWriter {
  const { root } = context.scopes;
  const writer = new UnitWriter(context, root, { writeEnclosing: (binding) => binding.name }, specialWriters);
  const id = childOf(item.node, 'id');
  if (item.node.type === 'VariableDeclarator' && writeMembersOfModule(writer, item.node)) return writer;
  if (item.node.type === 'VariableDeclarator' && id?.type !== 'Identifier') writer.writeValue(id);
  const content = item.value ?? (item.node.type === 'VariableDeclarator' ? undefined : item.node);
  if (content) writer.write(content);
  else writer.push('undefined');
  return writer;
}

function mutableNote(item: RawItem): Note {
  return { code: 'FP002', message: '', start: item.node.start, end: item.node.start };
}

function isEagerItem(item: RawItem): boolean {
  const node = item.value ?? item.node;
  if (isClassNode(node)) return childrenOf(childOf(node, 'body'), 'body').some(runsAtLoad);
  return item.kind === 'statement' || item.kind === 'value';
}

function runsAtLoad(member: AstNode): boolean {
  const value = childOf(member, 'value');
  const isCode =
    member.type === 'MethodDefinition' || (value !== undefined && isFunctionNode(withoutTypes(value)));
  return (
    member.type === 'StaticBlock' ||
    (member.static === true && !isCode) ||
    childrenOf(member, 'decorators').length > 0
  );
}

/** `// keepsake-ignore FP005` silences its own line and the next one. */
function ignoredNotes(source: string, comments: readonly SourceComment[]): (note: Note) => boolean {
  const lines = new Map<number, string>();
  for (const comment of comments) {
    const codes = /^\s*keepsake-ignore\b(.*)/s.exec(comment.value)?.[1];
    if (codes === undefined) continue;
    const line = lineOf(source, comment.end);
    for (const each of [line, line + 1]) lines.set(each, `${lines.get(each) ?? ''} ${codes}`);
  }
  return (note) => lines.size > 0 && (lines.get(lineOf(source, note.start))?.includes(note.code) ?? false);
}

function lineOf(source: string, offset: number): number {
  let line = 1;
  for (let at = source.indexOf('\n'); at !== -1 && at < offset; at = source.indexOf('\n', at + 1)) line++;
  return line;
}
