import {
  type AstNode,
  childOf,
  childrenOf,
  identifierName,
  isClassNode,
  isFunctionNode,
  withoutTypes,
} from '../ast/node.ts';
import type { ModuleContext } from './module-context.ts';
import type { Traits } from './module-summary.ts';
import { isHidingClass } from './private-statics.ts';
import { isLiteral, type RawItem } from './split-module.ts';

const typedArray = /^(?:(?:Big)?(?:Ui|I)nt\d+(?:Clamped)?|Float\d+)Array$/;
const collection = /^(?:Array|Map|Set)$/;

/** What the text of a declaration says of the value that it declares. */
export function traitsOf(
  { source, memoNodes }: ModuleContext,
  item: RawItem,
  exportedNames: ReadonlySet<string>,
): Traits {
  const node = item.value ?? (item.node.type === 'VariableDeclarator' ? undefined : item.node);
  const constructed = node?.type === 'NewExpression' ? (identifierName(childOf(node, 'callee')) ?? '') : '';
  return {
    holds: holdsOf(source, item, node),
    isFlat: typedArray.test(constructed) || (node !== undefined && isFlatLiteral(node)),
    isCollection:
      typedArray.test(constructed) || collection.test(constructed) || node?.type === 'ArrayExpression',
    isEmpty: node !== undefined && isEmpty(node),
    isInert: node !== undefined && isInert(source, node),
    isInertWithin: node !== undefined && isInertWithin(node, memoNodes),
    hasPrivate:
      node !== undefined &&
      isClassNode(node) &&
      /#[\p{ID_Start}$_]/u.test(source.slice(node.start, node.end)),
    hidesStatics: isHidingClass(node),
    isExported: item.names.some((name) => exportedNames.has(name)),
  };
}

function holdsOf(source: string, item: RawItem, node: AstNode | undefined): Traits['holds'] {
  if (item.names.length === 0) return 'nothing';
  if (item.kind === 'class') return 'code';
  if (item.kind !== 'function' && !isFunctionNode(node))
    return node?.type === 'TSEnumDeclaration' ? 'nothing' : 'value';
  // A function that uses `this` may be a class of the old style; its own variable may be written as any other.
  const usesThis =
    node && node.type !== 'ArrowFunctionExpression' && /\bthis\b/.test(source.slice(node.start, node.end));
  return usesThis ? 'code' : 'value';
}

/** Whether an expression makes a collection or an object with nothing in it. */
export function isEmpty(node: AstNode): boolean {
  if (node.type === 'ArrayExpression') return childrenOf(node, 'elements').length === 0;
  if (node.type === 'ObjectExpression') return childrenOf(node, 'properties').length === 0;
  return node.type === 'NewExpression' && childrenOf(node, 'arguments').length === 0;
}

function isFlatLiteral(node: AstNode): boolean {
  if (node.type === 'ArrayExpression') {
    const elements = childrenOf(node, 'elements');
    return elements.length > 0 && elements.every((each) => isLiteral(withoutTypes(each)));
  }
  if (node.type !== 'ObjectExpression') return false;
  return childrenOf(node, 'properties').every((property) => {
    const value = childOf(property, 'value');
    return (
      property.type === 'Property' &&
      property.computed !== true &&
      value !== undefined &&
      isLiteral(withoutTypes(value))
    );
  });
}

/** Whether no method that is called on a value can find the value by `this`. */
function isInert(source: string, node: AstNode): boolean {
  const text = ({ start, end }: AstNode): string => source.slice(start, end);
  if (node.type === 'ObjectExpression') return !/\b(?:this|super)\b/.test(text(node));
  if (!isClassNode(node)) return false;
  const members = childrenOf(childOf(node, 'body'), 'body');
  return members.every((member) => member.static !== true || !/\b(?:this|super)\b/.test(text(member)));
}

/** Whether all that an object or the statics of a class hold are primitives and functions, or objects of such. */
function isInertWithin(start: AstNode, memoNodes: ModuleContext['memoNodes']): boolean {
  const pending: (AstNode | undefined)[] = [start];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const node = withoutTypes(next);
    if (node.type === 'ObjectExpression' || isClassNode(node)) {
      const members = childrenOf(
        isClassNode(node) ? childOf(node, 'body') : node,
        isClassNode(node) ? 'body' : 'properties',
      );
      const held = members.filter((member) => !isClassNode(node) || member.static === true);
      if (
        held.some(
          ({ type, kind }) => kind === 'get' || /^(?:SpreadElement|StaticBlock|AccessorProperty)$/.test(type),
        )
      )
        return false;
      pending.push(...held.flatMap((member) => childOf(member, 'value') ?? []));
    } else if (!isLiteral(node) && !isFunctionNode(node) && memoNodes.get(node)?.callee === undefined)
      return false;
  }
  return true;
}

const makesPrimitive = /^(?:Math|Number|String|Boolean|BigInt|Symbol|parseInt|parseFloat|isNaN|isFinite)$/;

const ofLanguage =
  /^(?:Array|Boolean|Date|Error|Function|JSON|Map|Math|Number|Object|Promise|Reflect|RegExp|Set|String|Symbol|\w+Array)$/;

/** `Math.PI`, `Array.prototype`, `Object.prototype.hasOwnProperty`: what the language has; who patches it is looked at apart. */
function isOfLanguage(value: AstNode): boolean {
  let node: AstNode | undefined = value;
  while (node?.type === 'MemberExpression' && node.computed !== true) node = childOf(node, 'object');
  return ofLanguage.test(identifierName(node) ?? '');
}

/** Operators and the platform's conversions give primitives, which nobody can change. */
function isPrimitive(value: AstNode | undefined): boolean {
  if (/^(?:Binary|Unary)Expression$|^TemplateLiteral$/.test(value?.type ?? '')) return true;
  if (value?.type === 'MemberExpression') return isOfLanguage(value);
  const callee = value?.type === 'CallExpression' ? childOf(value, 'callee') : undefined;
  return makesPrimitive.test(identifierName(callee) ?? identifierName(childOf(callee, 'object')) ?? '');
}

/** `Object.freeze({ a: 1 })` of primitives can hold nothing else, ever. */
export function isFrozen(value: AstNode | undefined): boolean {
  if (isPrimitive(value)) return true;
  const callee = value?.type === 'CallExpression' ? childOf(value, 'callee') : undefined;
  const isFreeze =
    identifierName(childOf(callee, 'object')) === 'Object' &&
    identifierName(childOf(callee, 'property')) === 'freeze';
  const [first] = childrenOf(value, 'arguments');
  return isFreeze && first !== undefined && isFlatLiteral(withoutTypes(first));
}
