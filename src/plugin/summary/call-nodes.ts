import {
  type AstNode,
  childOf,
  childrenOf,
  identifierName,
  keyName,
  memberName,
  stringValue,
  withoutTypes,
} from '../ast/node.ts';
import { findBinding } from '../ast/scopes.ts';
import { writeGlob } from './glob-call.ts';
import { withoutGlobalObject } from './global-notes.ts';
import { globalChain, type MemoNode, slotOfBinding, slotOfNamespaceMember } from './module-context.ts';
import type { Slot } from './module-summary.ts';
import type { UnitWriter } from './unit-writer.ts';

/** `this.member`, a namespace's member, a global's dotted name, or any other member. */
export function writeMember(writer: UnitWriter, node: AstNode): void {
  const object = childOf(node, 'object');
  const inner = object && withoutTypes(object);
  const slot = slotOfNamespaceMember(writer.context, node, writer.scope);
  if (slot) {
    writer.slot(slot);
    return;
  }
  const member = memberName(node);
  if (inner && writeMemberOfImport(writer, node, inner)) return;
  if (inner?.type === 'ThisExpression' && writer.thisDepth === 0 && member !== undefined) {
    const token = writer.surroundings.writeThis?.(member, node, writer.callee === node);
    if (token !== undefined) {
      writer.push(token);
      return;
    }
  }
  const chain = globalChain(node, writer.scope);
  if (chain !== undefined) {
    writer.global(chain, node);
    return;
  }
  writer.push(`.${node.optional === true ? '?' : ''}`);
  writer.writeValue(object);
  writer.writeKey(node, 'property');
}

/** A member of something that is imported, which may be a whole module, or of `await import('./x')`. */
function writeMemberOfImport(writer: UnitWriter, node: AstNode, object: AstNode): boolean {
  const member = memberName(node);
  const slot = member === undefined ? undefined : slotOfModule(writer, object);
  if (!slot || member === undefined) return false;
  writer.push(`.${node.optional === true ? '?' : ''}`);
  writer.slot({ ...slot, member });
  writer.writeKey(node, 'property');
  return true;
}

/** The slot of an expression that may be a whole module. */
export function slotOfModule(writer: UnitWriter, expression: AstNode): ImportSlot | undefined {
  const inner = withoutTypes(expression);
  if (inner.type === 'AwaitExpression') {
    const loaded = childOf(inner, 'argument');
    const source = loaded?.type === 'ImportExpression' ? stringValue(childOf(loaded, 'source')) : undefined;
    return source === undefined ? undefined : { kind: 'import', source, name: '*' };
  }
  const name = identifierName(inner);
  const binding = name === undefined ? undefined : findBinding(writer.scope, name);
  const slot = binding && slotOfBinding(writer.context, binding);
  return slot?.kind === 'import' ? slot : undefined;
}

type ImportSlot = Extract<Slot, { kind: 'import' }>;

/** A call: perhaps memoised, `require('x')`, `import.meta.glob()`, `eval()`, or any other. */
export function writeCall(writer: UnitWriter, node: AstNode): void {
  const memo = writer.context.memoNodes.get(node);
  if (memo?.callee) {
    writeMemo(writer, node, memo);
    return;
  }
  const callee = childOf(node, 'callee');
  const chain = callee && globalChain(callee, writer.scope);
  if (chain === 'require') {
    writeRequire(writer, node);
    return;
  }
  if (chain === 'import.meta.glob') {
    writeGlob(writer, node);
    return;
  }
  if (chain === 'Function') writer.note('FP004', 'runs code from text with Function()', node);
  const method = callee?.type === 'MemberExpression' ? memberName(callee) : undefined;
  if (method === 'addModule' && isTextOrCall(childrenOf(node, 'arguments')[0])) {
    writer.note(
      'FP003',
      'loads a worklet that cannot be followed; give it new URL(name, import.meta.url)',
      node,
    );
  }
  if (chain?.endsWith('importScripts')) writer.note('FP003', 'loads code with importScripts()', node);
  writer.callee = callee && withoutTypes(callee);
  writer.writeFields(node);
}

/** Writes the memoised function, and its options only where they say what the code is. */
function writeMemo(writer: UnitWriter, node: AstNode, memo: MemoNode): void {
  if (memo.fn) writer.write(memo.fn);
  if (!memo.callee) return;
  const identity = writer.apart(() => {
    for (const property of childrenOf(memo.options, 'properties')) {
      const name = keyName(property);
      if (name === 'version' || name === 'depends') writer.write(property);
    }
  });
  const callAndOptions = writer.apart(() => {
    if (node.type === 'Decorator') writer.writeValue(node.expression);
    else {
      writer.write(memo.member);
      writer.writeValue(memo.options);
    }
  });
  writer.slot({ kind: 'memo', memo: { callee: memo.callee, identity, callAndOptions } });
}

function writeRequire(writer: UnitWriter, node: AstNode): void {
  const source = stringValue(childrenOf(node, 'arguments')[0]);
  writer.push('require');
  if (source !== undefined) {
    writer.slot({ kind: 'import', source, name: '*' });
    return;
  }
  writer.note('FP003', 'requires a module whose name is computed', node);
  writer.writeFields(node);
}

/** `import('literal')` stands for everything that the module exports. */
export function writeImportExpression(writer: UnitWriter, node: AstNode): void {
  const source = stringValue(childOf(node, 'source'));
  writer.push('import');
  if (source !== undefined) {
    writer.slot({ kind: 'import', source, name: '*' });
    return;
  }
  writer.note('FP003', 'imports a module whose name is computed', node);
  writer.writeFields(node);
}

/** `new URL('./file', import.meta.url)`, `new Function()`, `new Date()`, or any other construction. */
export function writeNew(writer: UnitWriter, node: AstNode): void {
  const callee = childOf(node, 'callee');
  const global = callee && globalChain(callee, writer.scope);
  const chain = global && withoutGlobalObject(global);
  const [first, second] = childrenOf(node, 'arguments');
  if (chain === 'URL' && second && globalChain(second, writer.scope) === 'import.meta.url') {
    const source = stringValue(first);
    if (source !== undefined) {
      writer.slot({ kind: 'url', source });
      return;
    }
    writer.note('FP003', 'refers to a file whose name is computed', node);
  }
  if ((chain === 'Worker' || chain === 'SharedWorker') && isTextOrCall(first)) {
    writer.note(
      'FP003',
      'starts a worker that cannot be followed; give it new URL(name, import.meta.url)',
      node,
    );
  }
  if (chain === 'Function') writer.note('FP004', 'runs code from text with new Function()', node);
  if (chain === 'Date' && !first) writer.note('FP005', 'reads the clock with new Date()', node);
  writer.writeFields(node);
}

/** A URL written as text or made by a call names code that no import leads to. */
function isTextOrCall(node: AstNode | undefined): boolean {
  return (
    node !== undefined &&
    /^(?:Literal|TemplateLiteral|CallExpression|BinaryExpression)$/.test(withoutTypes(node).type)
  );
}
