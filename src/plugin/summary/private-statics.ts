import { runtimeChildren } from '../ast/children.ts';
import {
  type AstNode,
  childOf,
  childrenOf,
  isClassNode,
  isFunctionNode,
  keyName,
  memberName,
  withoutTypes,
} from '../ast/node.ts';
import { mutators } from './item-uses.ts';
import { isLiteral } from './split-module.ts';
import { writesOfTarget } from './use-positions.ts';

/** A node, and what is around it. */
interface Visit {
  readonly node: AstNode;
  readonly around: Visit | undefined;
  /** Whether it runs once, with the class. */
  readonly isAtLoad: boolean;
}

/** Whether a class has private statics that code of it may change, or hands to code that may, once it is there. */
export function hidesStatics(classNode: AstNode): boolean {
  const fields = privateStatics(classNode);
  if (fields.size === 0) return false;
  const pending: Visit[] = [{ node: classNode, around: undefined, isAtLoad: true }];
  for (let visit = pending.pop(); visit; visit = pending.pop()) {
    const name = visit.node.type === 'MemberExpression' ? (memberName(visit.node) ?? '') : '';
    if (fields.has(name) && changesField(visit, fields.get(name))) return true;
    const { node, isAtLoad } = visit;
    const isLater = isFunctionNode(node) || (node.type === 'PropertyDefinition' && node.static !== true);
    for (const child of runtimeChildren(node))
      pending.push({ node: child, around: visit, isAtLoad: isAtLoad && !isLater });
  }
  return false;
}

/** Private static fields with what they begin as; methods hold nothing. */
function privateStatics(classNode: AstNode): Map<string, AstNode | undefined> {
  const members = childrenOf(childOf(classNode, 'body'), 'body').filter(
    ({ type, static: isStatic }) =>
      isStatic === true && (type === 'PropertyDefinition' || type === 'AccessorProperty'),
  );
  return new Map(
    members.flatMap((member): [string, AstNode | undefined][] => {
      const name = keyName(member) ?? '';
      return name.startsWith('#') ? [[name, childOf(member, 'value')]] : [];
    }),
  );
}

/** Whether what is done with `A.#field` changes the field or what is in it, or lets others do so. */
function changesField(field: Visit, init: AstNode | undefined): boolean {
  let at = field;
  let { around } = field;
  let method: string | undefined;
  while (around && (around.node.type === 'ChainExpression' || childOf(around.node, 'object') === at.node)) {
    if (around.node.type === 'MemberExpression') method = memberName(around.node) ?? '';
    at = around;
    around = around.around;
  }
  if (isWritten(at)) return !field.isAtLoad && (method === undefined || !isPlain(init));
  if (isPlain(init)) return false;
  const isCalled = around !== undefined && childOf(around.node, 'callee') === at.node;
  if (method === undefined) return around?.node.type !== 'ExpressionStatement' && !isTested(at);
  if (isCalled) return !isTable(init) || (mutators.has(method) && !field.isAtLoad);
  return !isTable(init);
}

/** Whether an assignment around a target writes to it, also by a pattern. */
function isWritten({ node, around }: Visit): boolean {
  for (let outer = around; outer; outer = outer.around) {
    if (writesOfTarget(outer.node).some((target) => target.node === node)) return true;
    if (isFunctionNode(outer.node) || outer.node.type.endsWith('Statement')) break;
  }
  const loop = around?.node.type ?? '';
  return /^For(?:In|Of)Statement$/.test(loop);
}

/** A primitive or a function: nobody changes it but by writing another one. */
function isPlain(init: AstNode | undefined): boolean {
  const value = init && withoutTypes(init);
  return value !== undefined && (isLiteral(value) || isFunctionNode(value));
}

/** An array, Map, Set or typed array: only some of its methods change it, and numbers are what most hold. */
function isTable(init: AstNode | undefined): boolean {
  const value = init && withoutTypes(init);
  if (value?.type === 'ArrayExpression') return childrenOf(value, 'elements').every((each) => isPlain(each));
  return value?.type === 'NewExpression' && childrenOf(value, 'arguments').length === 0;
}

/** Whether only its being there is looked at: `if (A.#field)`, `!A.#field`, `A.#field === x`. */
function isTested({ node, around }: Visit): boolean {
  const outer = around?.node;
  if (!outer) return false;
  return /^(?:Unary|Binary)Expression$/.test(outer.type) || childOf(outer, 'test') === node;
}

/** Whether a node is a class that hides what it holds. */
export const isHidingClass = (node: AstNode | undefined): boolean => isClassNode(node) && hidesStatics(node);
