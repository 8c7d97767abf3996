import { type AstNode, childOf, childrenOf, textOf } from '../ast/node.ts';
import type { SourceComment } from '../ast/parse.ts';
import { findBinding } from '../ast/scopes.ts';
import type { UnitWriter } from './unit-writer.ts';

/** The text of a JSX child as the compiler keeps it: lines trimmed, blank lines dropped. */
function jsxText(raw: string): string {
  const lines = raw.split(/\r\n|\n|\r/);
  return lines
    .map((line, index) => {
      const start = index === 0 ? line : line.replace(/^[ \t]+/, '');
      return index === lines.length - 1 ? start : start.replace(/[ \t]+$/, '');
    })
    .filter((line) => line !== '')
    .join(' ');
}

function writeText(writer: UnitWriter, node: AstNode): void {
  const text = jsxText(textOf(node, 'value'));
  if (text !== '') writer.push(`text ${JSON.stringify(text)}`);
}

/** A tag is a reference when it is bound or looks like a component, else the name of an element. */
function writeTag(writer: UnitWriter, node: AstNode | undefined): void {
  if (node?.type !== 'JSXIdentifier') {
    writer.writeValue(node);
    return;
  }
  const name = textOf(node, 'name');
  const isElement = /^[a-z]/.test(name) || (name.includes('-') && !findBinding(writer.scope, name));
  if (isElement) {
    writer.push(`element ${name}`);
    return;
  }
  writer.name(name, node);
}

function writeOpening(writer: UnitWriter, node: AstNode): void {
  writer.push('jsx');
  writeTag(writer, childOf(node, 'name'));
  writer.writeValue(node.attributes);
}

function writeAttribute(writer: UnitWriter, node: AstNode): void {
  writer.push('attribute');
  writer.writeValue(node.name);
  writer.writeValue(node.value);
}

function writeMemberTag(writer: UnitWriter, node: AstNode): void {
  const object = childOf(node, 'object');
  writer.push('member');
  if (object?.type === 'JSXIdentifier') writer.name(textOf(object, 'name'), object);
  else writer.writeValue(object);
  writer.push(JSON.stringify(textOf(childOf(node, 'property'), 'name')));
}

/** Comments that say what JSX is compiled to. */
export function jsxPragmas(comments: readonly SourceComment[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { value } of comments) {
    for (const [, name = '', argument = ''] of value.matchAll(/@(jsx\w*)\s+([^\s*]+)/g))
      found.set(name, argument);
  }
  return found;
}

/** The functions that elements are compiled to: what the pragmas name, or the file's own React. */
function writeFactory(writer: UnitWriter, node: AstNode): void {
  const { jsxPragmas: pragmas } = writer.context;
  const source = pragmas.get('jsxImportSource');
  if (source !== undefined) writer.slot({ kind: 'import', source: `${source}/jsx-runtime`, name: '*' });
  const runtime = pragmas.get('jsxRuntime');
  if (runtime !== undefined) writer.push(`runtime ${runtime}`);
  for (const pragma of ['jsx', 'jsxFrag']) {
    const [root = '', ...members] = (pragmas.get(pragma) ?? 'React').split('.');
    const binding = findBinding(writer.scope, root);
    if (binding) writer.binding(binding, node);
    else if (pragmas.has(pragma)) writer.push(root);
    writer.push(members.join('.'));
  }
}

function writeFragment(writer: UnitWriter, node: AstNode): void {
  writeFactory(writer, node);
  writer.writeFields(node);
}

function writeElement(writer: UnitWriter, node: AstNode): void {
  writeFactory(writer, node);
  writer.push('element(');
  writer.writeValue(node.openingElement);
  for (const child of childrenOf(node, 'children')) writer.write(child);
  writer.push(')');
}

/** How JSX is written. */
export const jsxWriters: readonly [string, (writer: UnitWriter, node: AstNode) => void][] = [
  ['JSXText', writeText],
  ['JSXIdentifier', (writer, node) => writer.push(JSON.stringify(textOf(node, 'name')))],
  ['JSXOpeningElement', writeOpening],
  ['JSXAttribute', writeAttribute],
  ['JSXMemberExpression', writeMemberTag],
  ['JSXElement', writeElement],
  ['JSXFragment', writeFragment],
];
