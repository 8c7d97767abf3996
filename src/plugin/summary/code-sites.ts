import { type AstNode, childOf, childrenOf, isClassNode, isFunctionNode, withoutTypes } from '../ast/node.ts';
import { ItemUses } from './item-uses.ts';
import { type ModuleContext, slotOfBinding } from './module-context.ts';
import type { CodeSite, ItemUse, Slot } from './module-summary.ts';
import { specialWriters } from './special-nodes.ts';
import { DEFAULT_NAME, type RawItem } from './split-module.ts';
import { UnitWriter } from './unit-writer.ts';

/**
 * Classes, functions that a module hands on while it is evaluated, and functions without a name in calls that it makes
 * then: `register('blur', (x) => …)`. These are met in state, arguments and receivers.
 */
export function findCodes(
  context: ModuleContext,
  items: readonly RawItem[],
  uses: readonly ItemUse[],
): CodeSite[] {
  const handedOn = slotsHandedOn(context, uses);
  const own = items.flatMap((item) => {
    if (context.memoNodes.has(item.value ?? item.node)) return [];
    const [name = ''] = item.names;
    const isMet = item.kind === 'class' || (item.kind === 'function' && handedOn.has(name));
    const isDefault = name === DEFAULT_NAME && item.value === undefined;
    if ((isIdentifier(name) || isDefault) && isMet)
      return [namedCode(name, { kind: 'local', name }, item.kind === 'class')];
    return item.kind === 'statement' ? inlineCodes(context, item.node) : [];
  });
  const imported = [...handedOn].flatMap(([name, slot]) =>
    slot.kind === 'import' && slot.name !== '*' ? [namedCode(name, slot, false)] : [],
  );
  return [...own, ...imported];
}

const isIdentifier = (name: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);

function namedCode(name: string, slot: Slot, isClass: boolean): CodeSite {
  const unit = { skeleton: 'code', slots: [slot], globals: [], notes: [], uses: [] };
  return { ...unit, name, isClass, start: 0, end: 0 };
}

/** What a module hands on, by its local name. */
function slotsHandedOn(context: ModuleContext, uses: readonly ItemUse[]): ReadonlyMap<string, Slot> {
  const passed = new Set(uses.flatMap(({ of, how }) => (how === 'pass' ? [JSON.stringify(of)] : [])));
  const found = new Map<string, Slot>();
  for (const [name, binding] of context.scopes.root.bindings) {
    const slot = slotOfBinding(context, binding);
    if (slot && passed.has(JSON.stringify(slot))) found.set(name, slot);
  }
  return found;
}

/** Functions and classes that a statement gives to a call, or to a member. */
function inlineCodes(context: ModuleContext, statement: AstNode): CodeSite[] {
  const expression = statement.type === 'ExpressionStatement' ? childOf(statement, 'expression') : undefined;
  return expression ? valuesGiven(withoutTypes(expression)).map((node) => inlineCode(context, node)) : [];
}

function valuesGiven(node: AstNode): AstNode[] {
  if (node.type === 'AssignmentExpression') {
    const isMember = childOf(node, 'left')?.type === 'MemberExpression';
    return [childOf(node, 'right')].flatMap((right) =>
      right && isMember && isCode(right) ? [withoutTypes(right)] : [],
    );
  }
  if (node.type !== 'CallExpression') return [];
  const callee = withoutTypes(childOf(node, 'callee') ?? node);
  const object = callee.type === 'MemberExpression' ? childOf(callee, 'object') : undefined;
  const own = childrenOf(node, 'arguments').filter(isCode).map(withoutTypes);
  return [...(object ? valuesGiven(withoutTypes(object)) : []), ...own];
}

const isCode = (node: AstNode): boolean =>
  isFunctionNode(withoutTypes(node)) || isClassNode(withoutTypes(node));

function inlineCode(context: ModuleContext, node: AstNode): CodeSite {
  const { root } = context.scopes;
  const writer = new UnitWriter(context, root, { writeEnclosing: (binding) => binding.name }, specialWriters);
  writer.write(node);
  return {
    ...writer.unit(),
    name: undefined,
    isClass: isClassNode(node),
    uses: ItemUses.ofFunction(context, node, root),
    start: node.start,
    end: node.end,
  };
}
