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

/** Told of a child and what becomes of its value. */
type Visitor = (child: AstNode, position: Position) => void;

type Place = Position | 'own';

/** Node types whose children all have the same place; `own` is the node's own. */
const placeOfAll = new Map<string, Place>([
  ['TemplateLiteral', 'text'],
  ['UnaryExpression', 'read'],
  ['UpdateExpression', 'read'],
  ['ExpressionStatement', 'discarded'],
  ['ChainExpression', 'own'],
  ['LogicalExpression', 'own'],
  ['SpreadElement', 'part'],
  ['JSXSpreadAttribute', 'part'],
]);

const branches = [
  ['test', 'read'],
  ['consequent', 'value'],
  ['alternate', 'value'],
] as const;

/** Fields of node types, and the place of what is in them. */
const placesOfFields = new Map<string, readonly (readonly [field: string, place: Place])[]>([
  ['ConditionalExpression', branches.map(([field, place]) => [field, place === 'value' ? 'own' : place])],
  ['IfStatement', branches],
  [
    'WhileStatement',
    [
      ['test', 'read'],
      ['body', 'value'],
    ],
  ],
  [
    'DoWhileStatement',
    [
      ['test', 'read'],
      ['body', 'value'],
    ],
  ],
  [
    'ForStatement',
    [
      ['init', 'discarded'],
      ['test', 'read'],
      ['update', 'discarded'],
      ['body', 'value'],
    ],
  ],
  [
    'ForInStatement',
    [
      ['left', 'value'],
      ['right', 'read'],
      ['body', 'value'],
    ],
  ],
  [
    'ForOfStatement',
    [
      ['left', 'value'],
      ['right', 'part'],
      ['body', 'value'],
    ],
  ],
  [
    'TaggedTemplateExpression',
    [
      ['tag', 'callee'],
      ['quasi', 'value'],
    ],
  ],
  [
    'JSXOpeningElement',
    [
      ['name', 'callee'],
      ['attributes', 'value'],
    ],
  ],
  ['JSXAttribute', [['value', 'value']]],
  [
    'SwitchStatement',
    [
      ['discriminant', 'read'],
      ['cases', 'value'],
    ],
  ],
]);

/** Tells of the children of a node that is neither a name, a member, a call, a function nor a class, and what becomes of each. */
export function eachPosition(node: AstNode, own: Position, visit: Visitor): void {
  const fields = placesOfFields.get(node.type);
  if (fields) {
    for (const [field, place] of fields) {
      const child = childOf(node, field);
      const position = place === 'own' ? own : place;
      if (child) visit(child, position);
      else for (const each of childrenOf(node, field)) visit(each, position);
    }
    return;
  }
  switch (node.type) {
    case 'SequenceExpression': {
      sequence(node, own, visit);
      return;
    }
    case 'VariableDeclarator': {
      declarator(node, visit);
      return;
    }
    case 'Property': {
      const key = node.computed === true ? childOf(node, 'key') : undefined;
      const value = childOf(node, 'value');
      if (key) visit(key, 'read');
      if (value) visit(value, own === 'published' ? own : 'value');
      return;
    }
    default: {
      const position = placeOfChildren(node, own);
      for (const child of runtimeChildren(node)) visit(child, position);
    }
  }
}

function placeOfChildren(node: AstNode, own: Position): Position {
  if (node.type === 'BinaryExpression') return node.operator === '+' ? 'text' : 'read';
  if (own === 'published' && /^(?:Array|Object)Expression$/.test(node.type)) return own;
  const place = placeOfAll.get(node.type) ?? 'value';
  return place === 'own' ? own : place;
}

/** Of several expressions only the last has a value. */
function sequence(node: AstNode, own: Position, visit: Visitor): void {
  const expressions = childrenOf(node, 'expressions');
  for (const [at, child] of expressions.entries())
    visit(child, at === expressions.length - 1 ? own : 'discarded');
}

/** `const { a } = x` hands on parts of x; the names that are declared are no uses. */
function declarator(node: AstNode, visit: Visitor): void {
  const id = childOf(node, 'id');
  const init = childOf(node, 'init');
  const isPattern = id?.type === 'ObjectPattern' || id?.type === 'ArrayPattern';
  if (isPattern) visit(id, 'value');
  if (init) visit(init, isPattern ? 'part' : 'value');
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
