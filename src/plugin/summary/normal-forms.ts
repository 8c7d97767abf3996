import { patternNames } from '../ast/children.ts';
import {
  type AstNode,
  childOf,
  childrenOf,
  identifierName,
  keyName,
  textOf,
  withoutTypes,
} from '../ast/node.ts';
import { isErased } from '../ast/node-fields.ts';
import { findBinding } from '../ast/scopes.ts';
import { slotOfModule } from './call-nodes.ts';
import type { NodeWriter, UnitWriter } from './unit-writer.ts';

/** Forms that linters change into each other, and that mean the same, are written alike. */

/** `if (a) return` is `if (a) { return }`. */
function writeBranch(writer: UnitWriter, node: AstNode | undefined): void {
  const inner = node && withoutTypes(node);
  if (!inner) writer.push('_');
  else if (inner.type === 'BlockStatement') writer.write(inner);
  else {
    writer.push('block[');
    if (!isErased(inner)) writer.write(inner);
    writer.push(']');
  }
}

const branched =
  (fields: readonly string[], branches: readonly string[]): NodeWriter =>
  (writer, node) => {
    writer.push(`${node.type}(`);
    for (const field of fields) writer.writeValue(node[field]);
    for (const field of branches) writeBranch(writer, childOf(node, field));
    writer.push(')');
  };

function writeBlock(writer: UnitWriter, node: AstNode): void {
  writer.push('block[');
  for (const statement of childrenOf(node, 'body')) writer.write(statement);
  writer.push(']');
}

/** `(x) => x` is `(x) => { return x }`. */
function writeArrow(writer: UnitWriter, node: AstNode): void {
  writer.push(`arrow ${node.async === true}`);
  writer.writeValue(node.params);
  const body = childOf(node, 'body');
  if (body?.type === 'BlockStatement') writer.write(body);
  else if (body) {
    writer.push('block[ ReturnStatement(');
    writer.write(body);
    writer.push(') ]');
  }
}

/** `let a = 1, b = 2`, where neither is assigned again, is `const a = 1; const b = 2`. */
function writeDeclarations(writer: UnitWriter, node: AstNode): void {
  for (const declarator of childrenOf(node, 'declarations')) {
    writer.push(`declare ${declarationKind(writer, node, declarator)}`);
    if (writeMembersOfModule(writer, declarator)) continue;
    writer.writeValue(declarator.id);
    writer.writeValue(declarator.init);
  }
}

function declarationKind(writer: UnitWriter, node: AstNode, declarator: AstNode): string {
  const kind = textOf(node, 'kind');
  if (kind !== 'let') return kind;
  const bindings = patternNames(childOf(declarator, 'id')).map((id) =>
    findBinding(writer.scope, textOf(id, 'name')),
  );
  return bindings.every((binding) => binding && !binding.isAssigned) ? 'const' : kind;
}

/** `const { a } = ns` and `const { a } = await import('./x')` read single members of a module. */
export function writeMembersOfModule(writer: UnitWriter, declarator: AstNode): boolean {
  const id = childOf(declarator, 'id');
  const init = childOf(declarator, 'init');
  const slot = id?.type === 'ObjectPattern' && init ? slotOfModule(writer, init) : undefined;
  const properties = childrenOf(id, 'properties');
  const names = properties.map((property) => (property.type === 'Property' ? keyName(property) : undefined));
  if (slot?.name !== '*' || !names.every((name) => name !== undefined)) return false;
  writer.push(`members ${init?.type === 'AwaitExpression'}`);
  for (const [index, property] of properties.entries()) {
    writer.slot({ ...slot, name: names[index] ?? '' });
    writer.writeValue(property.value);
  }
  return true;
}

/** `catch (error) {}` that does not look at the error is `catch {}`. */
function writeCatch(writer: UnitWriter, node: AstNode): void {
  const param = childOf(node, 'param');
  const name = identifierName(param);
  writer.push('catch(');
  if (param && name === undefined) writer.write(param);
  writer.writeValue(node.body);
  const binding = name === undefined ? undefined : findBinding(writer.scope, name);
  if (param && binding && writer.hasNumber(binding)) writer.write(param);
  writer.push(')');
}

export const normalWriters: readonly [string, NodeWriter][] = [
  ['ArrowFunctionExpression', writeArrow],
  ['BlockStatement', writeBlock],
  ['CatchClause', writeCatch],
  ['DoWhileStatement', branched(['test'], ['body'])],
  ['ForInStatement', branched(['left', 'right'], ['body'])],
  ['ForOfStatement', branched(['await', 'left', 'right'], ['body'])],
  ['ForStatement', branched(['init', 'test', 'update'], ['body'])],
  ['IfStatement', branched(['test'], ['consequent', 'alternate'])],
  ['VariableDeclaration', writeDeclarations],
  ['WhileStatement', branched(['test'], ['body'])],
];
