import { type AstNode, childOf, childrenOf, isClassNode, isFunctionNode, withoutTypes } from '../ast/node.ts';
import { ItemUses } from './item-uses.ts';
import type { ModuleContext } from './module-context.ts';
import type { CodeSite } from './module-summary.ts';
import { specialWriters } from './special-nodes.ts';
import type { RawItem } from './split-module.ts';
import { UnitWriter } from './unit-writer.ts';

/**
 * Classes, functions that a module hands on while it is evaluated, and functions without a name in calls that it makes
 * then: `register('blur', (x) => …)`. These are met in state, arguments and receivers.
 */
export function findCodes(context: ModuleContext, items: readonly RawItem[]): CodeSite[] {
  const handedOn = namesHandedOn(context, items);
  return items.flatMap((item) => {
    if (context.memoNodes.has(item.value ?? item.node)) return [];
    const [name] = item.names;
    const isNamed = name !== undefined && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
    if (isNamed && (item.kind === 'class' || (item.kind === 'function' && handedOn.has(name))))
      return [namedCode(item, name)];
    return item.kind === 'statement' ? inlineCodes(context, item.node) : [];
  });
}

function namedCode({ node, kind }: RawItem, name: string): CodeSite {
  return {
    ...{
      name,
      isClass: kind === 'class',
      skeleton: 'code',
      slots: [{ kind: 'local', name }],
      globals: [],
      notes: [],
      uses: [],
    },
    ...{ start: node.start, end: node.end },
  };
}

function namesHandedOn(context: ModuleContext, items: readonly RawItem[]): ReadonlySet<string> {
  const uses = items
    .filter((item) => item.kind !== 'function')
    .flatMap((item) => ItemUses.of(context, item).uses);
  return new Set(
    uses.flatMap(({ of, how, isLater }) =>
      typeof of !== 'string' && of.kind === 'local' && how === 'pass' && !isLater ? [of.name] : [],
    ),
  );
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
