import { patternNames } from '../ast/children.ts';
import {
  type AstNode,
  childOf,
  childrenOf,
  cookedText,
  declaredName,
  keyName,
  stringValue,
  textOf,
  withoutTypes,
} from '../ast/node.ts';
import { findBinding } from '../ast/scopes.ts';
import { writeCall, writeImportExpression, writeMember, writeNew } from './call-nodes.ts';
import { jsxWriters } from './jsx-nodes.ts';
import { normalWriters } from './normal-forms.ts';
import type { NodeWriter, UnitWriter } from './unit-writer.ts';

function writeLiteral(writer: UnitWriter, node: AstNode): void {
  const { value, raw, bigint, regex } = node;
  if (typeof bigint === 'string') {
    writer.push(`bigint ${bigint}`);
    return;
  }
  if (typeof regex === 'object' && regex !== null && 'pattern' in regex && 'flags' in regex) {
    writer.push(`regex ${JSON.stringify([regex.pattern, regex.flags])}`);
    return;
  }
  // The parser's replacement character may stand for a lone surrogate, which only the raw text tells apart.
  if (typeof value === 'string' && value.includes('\uFFFD')) {
    writer.push(`raw ${JSON.stringify(raw)}`);
    return;
  }
  if (typeof value === 'string') {
    writer.push(JSON.stringify(value));
    return;
  }
  // A number beyond the range of JSON arrives as null.
  if (value === null && raw !== 'null') {
    writer.push(String(Number(raw)));
    return;
  }
  writer.push(String(value));
}

function writeUnary(writer: UnitWriter, node: AstNode): void {
  const argument = childOf(node, 'argument');
  writer.isTested = node.operator === 'typeof' && argument?.type === 'Identifier';
  writer.writeFields(node);
  writer.isTested = false;
}

function writeTemplate(writer: UnitWriter, node: AstNode): void {
  const text = stringValue(node);
  if (text !== undefined) {
    writer.push(JSON.stringify(text));
    return;
  }
  writer.push('template(');
  for (const quasi of childrenOf(node, 'quasis')) writer.push(JSON.stringify(cookedText(quasi)));
  for (const expression of childrenOf(node, 'expressions')) writer.write(expression);
  writer.push(')');
}

function writeTaggedTemplate(writer: UnitWriter, node: AstNode): void {
  writer.push('tagged(');
  const tag = childOf(node, 'tag');
  writer.callee = tag && withoutTypes(tag);
  writer.writeValue(node.tag);
  const quasi = childOf(node, 'quasi');
  for (const element of childrenOf(quasi, 'quasis')) writer.push(JSON.stringify(element.value));
  writer.writeValue(quasi?.expressions);
  writer.push(')');
}

/** `a && (b && c)` and `(a && b) && c` are the same chain. */
function writeLogical(writer: UnitWriter, node: AstNode): void {
  const operator = textOf(node, 'operator');
  writer.push(`${operator}[`);
  const flatten = (operand: AstNode): void => {
    const inner = withoutTypes(operand);
    if (inner.type !== 'LogicalExpression' || inner.operator !== operator) {
      writer.write(inner);
      return;
    }
    for (const side of ['left', 'right']) {
      const next = childOf(inner, side);
      if (next) flatten(next);
    }
  };
  flatten(node);
  writer.push(']');
}

function writeProperty(writer: UnitWriter, node: AstNode): void {
  writer.push(`property ${textOf(node, 'kind')}`);
  if (keyName(node) === '__proto__') writer.push(`shorthand ${node.shorthand === true}`);
  writer.writeKey(node);
  writer.writeValue(node.value);
}

function writeClassMember(writer: UnitWriter, node: AstNode): void {
  writer.push(`${node.type} ${textOf(node, 'kind')} ${node.static === true}`);
  writer.writeValue(node.decorators);
  writer.writeKey(node);
  const ownsThis = node.type !== 'MethodDefinition';
  if (ownsThis) writer.thisDepth++;
  writer.writeValue(node.value);
  if (ownsThis) writer.thisDepth--;
}

function writeStaticBlock(writer: UnitWriter, node: AstNode): void {
  writer.thisDepth++;
  writer.writeFields(node);
  writer.thisDepth--;
}

/** A function or class expression's own name counts only where its body uses it. */
function writeWithOwnName(writer: UnitWriter, node: AstNode): void {
  const name = textOf(childOf(node, 'id'), 'name');
  if (node.type.endsWith('Declaration')) {
    // The name belongs to the scope around; a parameter may have the same one.
    const binding = writer.scope.parent && findBinding(writer.scope.parent, name);
    if (binding && binding.scope !== writer.context.scopes.root) writer.binding(binding, node);
    writer.writeFields(node);
    return;
  }
  const own = findBinding(writer.scope, name);
  writer.writeFields(node);
  if (own?.kind === 'self' && own.node === node && writer.hasNumber(own)) writer.binding(own, node);
}

function writeLabel(writer: UnitWriter, node: AstNode): void {
  writer.labels.push(textOf(childOf(node, 'label'), 'name'));
  writer.push('label');
  writer.writeValue(node.body);
  writer.labels.pop();
}

function writeJump(writer: UnitWriter, node: AstNode): void {
  const label = childOf(node, 'label');
  const depth = label ? writer.labels.length - writer.labels.lastIndexOf(textOf(label, 'name')) : 0;
  writer.push(`${node.type} ${depth}`);
}

function writeThis(writer: UnitWriter, node: AstNode): void {
  const token = writer.thisDepth === 0 ? writer.surroundings.writeThis?.(undefined, node, false) : undefined;
  writer.push(token ?? node.type);
}

function writeEnumMember(writer: UnitWriter, node: AstNode): void {
  writer.push('member');
  writer.writeKey(node, 'id');
  writer.writeValue(node.initializer);
}

/** Inside of enums and namespaces the members of all their parts go by their bare names. */
function writeParts(writer: UnitWriter, node: AstNode): void {
  const around = writer.bareMembers;
  writer.bareMembers = new Set([...around, ...partsOf(writer, node).flatMap(memberNames)]);
  writeNamed(writer, node);
  writer.bareMembers = around;
}

/** All declarations of a module that make one enum or namespace. */
function partsOf(writer: UnitWriter, node: AstNode): AstNode[] {
  const name = declaredName(node);
  const others = childrenOf(writer.context.scopes.root.node, 'body')
    .map((statement) => childOf(statement, 'declaration') ?? statement)
    .filter((each) => each !== node && each.type === node.type && declaredName(each) === name);
  return [node, ...others];
}

/** What an enum has, and what a namespace exports. */
function memberNames(part: AstNode): string[] {
  const body = childOf(part, 'body');
  const exported = childrenOf(body, 'body').flatMap((statement) => {
    const declaration = statement.type.startsWith('Export') ? childOf(statement, 'declaration') : undefined;
    if (declaration?.type !== 'VariableDeclaration') return declaration ? [declaredName(declaration)] : [];
    return childrenOf(declaration, 'declarations')
      .flatMap((each) => patternNames(childOf(each, 'id')))
      .map((id) => textOf(id, 'name'));
  });
  return [...childrenOf(body, 'members').map((each) => textOf(childOf(each, 'id'), 'name')), ...exported];
}

/** Inside a namespace the exported names are properties, so they are kept. */
function writeNamespaceExport(writer: UnitWriter, node: AstNode): void {
  const declaration = childOf(node, 'declaration');
  const declared =
    declaration?.type === 'VariableDeclaration' ? childrenOf(declaration, 'declarations') : [declaration];
  writer.push('export');
  for (const each of declared) writer.push(JSON.stringify(textOf(childOf(each, 'id'), 'name')));
  writer.writeValue(declaration);
}

function writeNamed(writer: UnitWriter, node: AstNode): void {
  const name = declaredName(node);
  for (let id = childOf(node, 'id'); id?.type === 'TSQualifiedName'; id = childOf(id, 'left'))
    writer.push(JSON.stringify(textOf(childOf(id, 'right'), 'name')));
  const binding = findBinding(writer.scope, name);
  if (binding && binding.scope !== writer.context.scopes.root) writer.name(name, node);
  writer.writeFields(node);
}

function writeMetaProperty(writer: UnitWriter, node: AstNode): void {
  const meta = textOf(childOf(node, 'meta'), 'name');
  if (meta === 'import') {
    writer.global('import.meta', node);
    return;
  }
  writer.push(`${meta}.${textOf(childOf(node, 'property'), 'name')}`);
}

/** `N.k` in `import k = N.k`. */
function writeQualifiedName(writer: UnitWriter, node: AstNode): void {
  writer.push('.');
  writer.writeValue(node.left);
  writer.push(JSON.stringify(textOf(childOf(node, 'right'), 'name')));
}

/** Nodes whose tokens are not simply their listed fields in order. */
export const specialWriters: ReadonlyMap<string, NodeWriter> = new Map<string, NodeWriter>([
  ['Identifier', (writer, node) => writer.name(textOf(node, 'name'), node)],
  ['PrivateIdentifier', (writer, node) => writer.push(writer.privateName(textOf(node, 'name')))],
  ['Literal', writeLiteral],
  ['UnaryExpression', writeUnary],
  ['TemplateLiteral', writeTemplate],
  ['TaggedTemplateExpression', writeTaggedTemplate],
  ['LogicalExpression', writeLogical],
  ['Property', writeProperty],
  ['MethodDefinition', writeClassMember],
  ['PropertyDefinition', writeClassMember],
  ['AccessorProperty', writeClassMember],
  ['StaticBlock', writeStaticBlock],
  ['FunctionDeclaration', writeWithOwnName],
  ['FunctionExpression', writeWithOwnName],
  ['ClassDeclaration', writeWithOwnName],
  ['ClassExpression', writeWithOwnName],
  ['LabeledStatement', writeLabel],
  ['BreakStatement', writeJump],
  ['ContinueStatement', writeJump],
  ['ThisExpression', writeThis],
  ['Super', writeThis],
  ['TSEnumMember', writeEnumMember],
  ['TSEnumDeclaration', writeParts],
  ['TSModuleDeclaration', writeParts],
  ['ExportNamedDeclaration', writeNamespaceExport],
  ['MetaProperty', writeMetaProperty],
  ['TSQualifiedName', writeQualifiedName],
  ...normalWriters,
  ['MemberExpression', writeMember],
  ['CallExpression', writeCall],
  ['NewExpression', writeNew],
  ['ImportExpression', writeImportExpression],
  ['Decorator', writeDecorator],
  ...jsxWriters,
]);

function writeDecorator(writer: UnitWriter, node: AstNode): void {
  writer.push('decorator');
  const expression = childOf(node, 'expression');
  if (writer.context.memoNodes.get(node)?.callee) writeCall(writer, node);
  else writer.writeValue(expression);
}
