import { runtimeChildren } from '../ast/children.ts';
import { type AstNode, childOf, childrenOf, withoutTypes } from '../ast/node.ts';
import { withoutGlobalObject } from './global-notes.ts';

/**
 * What becomes of an expression's value: handed on as an object; only looked at (compared, tested); made a text; its parts
 * handed on; called; thrown away; or made a global, where it can be found but is not changed.
 */
export type Position = 'value' | 'read' | 'text' | 'part' | 'callee' | 'discarded' | 'published';

/** Methods that call a function and forget it. */
export const runsAndForgets: ReadonlySet<string> = new Set(
  `forEach map filter reduce reduceRight some every find findIndex findLast findLastIndex flatMap from sort toSorted
  replace replaceAll`.split(/\s+/),
);

/** Callbacks that run after the module was evaluated. */
export const runsCallbackLater: ReadonlySet<string> = new Set(
  `addEventListener on once then catch finally subscribe setTimeout setInterval requestAnimationFrame queueMicrotask
  requestIdleCallback cache`.split(/\s+/),
);

/** An expression that is written to; `isKeyed` where that looks like a memo: `t[k] = …`, `x ??= …`. */
export interface WrittenTarget {
  readonly node: AstNode;
  readonly isKeyed: boolean;
}

/** The expressions that a node writes to. */
export function writesOfTarget(node: AstNode): WrittenTarget[] {
  switch (node.type) {
    case 'AssignmentExpression': {
      const isLazy = /^(?:\?\?|\|\|)=$/.test(String(node.operator));
      return patternTargets(childOf(node, 'left'), isLazy);
    }
    case 'UpdateExpression':
      return patternTargets(childOf(node, 'argument'), false);
    case 'UnaryExpression':
      return node.operator === 'delete' ? patternTargets(childOf(node, 'argument'), false) : [];
    case 'ForInStatement':
    case 'ForOfStatement': {
      const left = childOf(node, 'left');
      return left?.type === 'VariableDeclaration' ? [] : patternTargets(left, false);
    }
    default:
      return [];
  }
}

function patternTargets(pattern: AstNode | undefined, isLazy: boolean): WrittenTarget[] {
  if (!pattern) return [];
  const node = withoutTypes(pattern);
  switch (node.type) {
    case 'ArrayPattern':
    case 'ObjectPattern':
      return runtimeChildren(node).flatMap((child) => patternTargets(child, isLazy));
    case 'Property':
      return patternTargets(childOf(node, 'value'), isLazy);
    case 'RestElement':
      return patternTargets(childOf(node, 'argument'), isLazy);
    case 'AssignmentPattern':
      return patternTargets(childOf(node, 'left'), isLazy);
    default: {
      const isKeyed = node.type === 'MemberExpression' && node.computed === true;
      return [{ node, isKeyed: isLazy || isKeyed }];
    }
  }
}

/** The children of a node that is neither a name, a member, a call, a function nor a class, and what becomes of each. */
export function positionsOfChildren(
  node: AstNode,
  own: Position,
): { readonly child: AstNode; readonly position: Position }[] {
  const all = (position: Position) => runtimeChildren(node).map((child) => ({ child, position }));
  const named = (fields: Readonly<Record<string, Position>>) =>
    Object.entries(fields).flatMap(([field, position]) => {
      const child = childOf(node, field);
      return child ? [{ child, position }] : [];
    });
  switch (node.type) {
    case 'BinaryExpression':
      return all(node.operator === '+' ? 'text' : 'read');
    case 'TemplateLiteral':
      return all('text');
    case 'UnaryExpression':
    case 'UpdateExpression':
      return all('read');
    case 'ExpressionStatement':
      return all('discarded');
    case 'ChainExpression':
      return all(own);
    case 'LogicalExpression':
      return named({ left: own, right: own });
    case 'ConditionalExpression':
      return named({ test: 'read', consequent: own, alternate: own });
    case 'SequenceExpression':
      return sequence(node, own);
    case 'IfStatement':
      return named({ test: 'read', consequent: 'value', alternate: 'value' });
    case 'WhileStatement':
    case 'DoWhileStatement':
      return named({ test: 'read', body: 'value' });
    case 'ForStatement':
      return named({ init: 'discarded', test: 'read', update: 'discarded', body: 'value' });
    case 'ForInStatement':
      return named({ left: 'value', right: 'read', body: 'value' });
    case 'ForOfStatement':
      return named({ left: 'value', right: 'part', body: 'value' });
    case 'ArrayExpression':
    case 'ObjectExpression':
      return all(own === 'published' ? own : 'value');
    case 'SpreadElement':
    case 'JSXSpreadAttribute':
      return all('part');
    case 'Property':
      return keyed(node, own === 'published' ? own : 'value');
    case 'TaggedTemplateExpression':
      return named({ tag: 'callee', quasi: 'value' });
    case 'JSXOpeningElement':
      return named({ name: 'callee' }).concat(
        childrenOf(node, 'attributes').map((child) => ({ child, position: 'value' as const })),
      );
    case 'JSXAttribute':
      return named({ value: 'value' });
    case 'VariableDeclarator':
      return declarator(node);
    case 'SwitchStatement':
      return named({ discriminant: 'read' }).concat(
        childrenOf(node, 'cases').map((child) => ({ child, position: 'value' as const })),
      );
    default:
      return all('value');
  }
}

/** Of several expressions only the last has a value. */
function sequence(node: AstNode, own: Position): { child: AstNode; position: Position }[] {
  const expressions = childrenOf(node, 'expressions');
  return expressions.map((child, at) => ({
    child,
    position: at === expressions.length - 1 ? own : 'discarded',
  }));
}

function keyed(node: AstNode, position: Position): { child: AstNode; position: Position }[] {
  const key = node.computed === true ? childOf(node, 'key') : undefined;
  const value = childOf(node, 'value');
  return [
    ...(key ? [{ child: key, position: 'read' as const }] : []),
    ...(value ? [{ child: value, position }] : []),
  ];
}

/** `const { a } = x` hands on parts of x; the names that are declared are no uses. */
function declarator(node: AstNode): { child: AstNode; position: Position }[] {
  const id = childOf(node, 'id');
  const init = childOf(node, 'init');
  const isPattern = id?.type === 'ObjectPattern' || id?.type === 'ArrayPattern';
  return [
    ...(isPattern ? [{ child: id, position: 'value' as const }] : []),
    ...(init ? [{ child: init, position: isPattern ? ('part' as const) : ('value' as const) }] : []),
  ];
}

const looksOnly =
  /^(?:Math\.\w+|Number(?:\.\w+)?|String(?:\.\w+)?|Boolean|BigInt|Symbol(?:\.for)?|parseInt|parseFloat|isNaN|isFinite|Array\.isArray|JSON\.stringify|console\.\w+|Object\.(?:keys|getOwnPropertyNames|is|isFrozen|isSealed|hasOwn|freeze|getPrototypeOf)|Reflect\.(?:has|ownKeys)|structuredClone|Date|Error|RegExp|encodeURI(?:Component)?|performance\.\w+)$/;
const copiesParts = /^(?:Object\.(?:values|entries|fromEntries)|Array\.(?:from|of)|Map|Set)$/;
const writesFirst =
  /^(?:Object\.(?:assign|definePropert(?:y|ies)|setPrototypeOf)|Reflect\.(?:set|defineProperty|deleteProperty|setPrototypeOf))$/;

/** What a call makes of its arguments, where the function is one of the platform's. */
export function argumentPositions(
  chain: string | undefined,
  isNew: boolean,
  count: number,
): readonly (Position | 'write')[] {
  const name = chain === undefined ? '' : withoutGlobalObject(chain);
  const fill = (position: Position): Position[] => Array.from({ length: count }, () => position);
  if (!isNew && writesFirst.test(name)) {
    const isAssign = name === 'Object.assign';
    return ['write', ...fill(isAssign ? 'part' : 'value').slice(1)];
  }
  if (copiesParts.test(name)) return fill('part');
  if (name === 'String') return fill('text');
  return looksOnly.test(name) ? fill('read') : [];
}
