import { runtimeChildren } from '../ast/children.ts';
import {
  type AstNode,
  childOf,
  childrenOf,
  identifierName,
  isFunctionNode,
  keyName,
  memberName,
  stringValue,
  textOf,
  withoutTypes,
} from '../ast/node.ts';
import { type Binding, findBinding, type Scope } from '../ast/scopes.ts';
import { withoutGlobalObject } from './global-notes.ts';
import { globalChain, type ModuleContext, slotOfBinding, slotOfNamespaceMember } from './module-context.ts';
import type { RawItem } from './split-module.ts';

/**
 * When a piece of code runs: while its module is evaluated; whenever the function that is its item runs; perhaps at
 * once, as a callback of unknown code; or later.
 */
export type When = 'load' | 'body' | 'maybe' | 'later';

/** One use of a module-level name by an item. Targets: `local:x`, `import:{slot}`, `global:x`, `builtin`. */
export interface Use {
  readonly item: number;
  readonly target: string;
  readonly when: When;
  readonly how: 'mention' | 'call' | 'write' | 'pass';
}

const mutators = new Set(
  `push pop shift unshift splice sort reverse fill copyWithin set add delete clear append register`.split(
    ' ',
  ),
);
const firstArgumentWriters =
  /^(?:Object\.(?:assign|definePropert(?:y|ies)|setPrototypeOf)|Reflect\.(?:set|defineProperty|deleteProperty|setPrototypeOf))$/;
const runsCallbackNow = new Set(
  'forEach map filter reduce reduceRight some every find findIndex findLast flatMap from sort toSorted replace replaceAll'.split(
    ' ',
  ),
);
const runsCallbackLater = new Set(
  `addEventListener on once then catch finally subscribe setTimeout setInterval requestAnimationFrame queueMicrotask
  requestIdleCallback cache`.split(/\s+/),
);
const globalObject = /^(?:globalThis|window|self|global)$/;
/** Writing to these is output, which no memoised function can read back as code or data. */
const outputs =
  /^(?:document|location|history|localStorage|sessionStorage|navigator|console|screen|module|exports)(?:\.|$)/;

/** Reads every item once: who mentions, calls, writes or passes on which module-level name, and when. */
export class Survey {
  readonly uses: Use[] = [];
  readonly #context: ModuleContext;
  #item = 0;
  #scope: Scope;

  constructor(context: ModuleContext, items: readonly RawItem[]) {
    this.#context = context;
    this.#scope = context.scopes.root;
    for (const [index, item] of items.entries()) {
      this.#item = index;
      const isFunction = isFunctionNode(item.value ?? item.node);
      const start = item.node.type === 'VariableDeclarator' || !item.value ? item.node : item.value;
      this.#visit(start, isFunction ? 'body' : 'load', isFunction);
    }
  }

  #visit(node: AstNode, when: When, isItemFunction = false): void {
    const inner = withoutTypes(node);
    const outer = this.#scope;
    this.#scope = this.#context.scopes.of.get(inner) ?? outer;
    const isDeferred = isFunctionNode(inner) && !isItemFunction;
    this.#visitNode(inner, isDeferred ? 'later' : when, isItemFunction && !isFunctionNode(inner));
    this.#scope = outer;
  }

  #visitNode(node: AstNode, when: When, keepsItemFunction: boolean): void {
    switch (node.type) {
      case 'Identifier':
      case 'JSXIdentifier': {
        this.#useName(node, when, 'mention');
        return;
      }
      case 'AssignmentExpression':
        this.#write(childOf(node, 'left'), when);
        break;
      case 'UpdateExpression':
        this.#write(childOf(node, 'argument'), when);
        break;
      case 'UnaryExpression':
        if (node.operator === 'delete') this.#write(childOf(node, 'argument'), when);
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#write(childOf(node, 'left'), when);
        break;
      case 'CallExpression':
      case 'NewExpression': {
        this.#visitCall(node, when);
        return;
      }
      case 'MemberExpression':
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
      case 'AccessorProperty': {
        this.#visitKeyed(node, when);
        return;
      }
      default:
    }
    for (const child of runtimeChildren(node)) this.#visit(child, when, keepsItemFunction);
  }

  /** Keys that are not computed are no references; instance fields and methods run later. */
  #visitKeyed(node: AstNode, when: When): void {
    const keyField = node.type === 'MemberExpression' ? 'property' : 'key';
    const key = childOf(node, keyField);
    if (key && node.computed === true) this.#visit(key, when);
    for (const decorator of childrenOf(node, 'decorators')) this.#visit(decorator, when);
    const rest = childOf(node, node.type === 'MemberExpression' ? 'object' : 'value');
    const isInstanceField =
      /^(?:PropertyDefinition|AccessorProperty)$/.test(node.type) && node.static !== true;
    if (rest) this.#visit(rest, isInstanceField ? 'later' : when);
  }

  #visitCall(node: AstNode, when: When): void {
    const callee = childOf(node, 'callee');
    if (!callee) return;
    const target = withoutTypes(callee);
    const method = target.type === 'MemberExpression' ? memberName(target) : identifierName(target);
    this.#visitCallee(target, when);
    const writesFirst = firstArgumentWriters.test(globalChain(target, this.#scope) ?? '');
    for (const [index, argument] of childrenOf(node, 'arguments').entries()) {
      const inner = withoutTypes(argument);
      if (writesFirst && index === 0) this.#writeFirst(node, inner, when);
      else if (!isFunctionNode(inner)) this.#passRoot(inner, when);
      if (isFunctionNode(inner)) this.#visitCallback(inner, when, method);
      else this.#visit(inner, when);
    }
  }

  /** `Object.assign(globalThis, { a, b })` and `Object.defineProperty(globalThis, 'a', …)` write single globals. */
  #writeFirst(call: AstNode, target: AstNode, when: When): void {
    const second = childrenOf(call, 'arguments')[1];
    const isGlobalObject = globalObject.test(globalChain(target, this.#scope) ?? '');
    const properties = second?.type === 'ObjectExpression' ? childrenOf(second, 'properties') : [];
    const names =
      second?.type === 'Literal' ? [stringValue(second)] : properties.map((property) => keyName(property));
    if (!isGlobalObject || names.length === 0 || !names.every((name) => name !== undefined)) {
      this.#write(target, when);
      return;
    }
    for (const name of names) this.#add(`global:${name}`, when, 'write');
  }

  #visitCallee(callee: AstNode, when: When): void {
    if (identifierName(callee) !== undefined) {
      this.#useName(callee, when, 'call');
      return;
    }
    if (isFunctionNode(callee)) {
      this.#visitCallback(callee, when, undefined, true);
      return;
    }
    const object = callee.type === 'MemberExpression' ? childOf(callee, 'object') : undefined;
    const imported = slotOfNamespaceMember(this.#context, callee, this.#scope);
    if (imported) this.#add(`import:${JSON.stringify(imported)}`, when, 'call');
    else if (object) {
      if (mutators.has(memberName(callee) ?? '')) this.#write(object, when);
      else this.#passRoot(withoutTypes(object), when);
    }
    this.#visit(callee, when);
  }

  #visitCallback(node: AstNode, when: When, method: string | undefined, isCalled = false): void {
    const runsNow = node.async !== true && (isCalled || runsCallbackNow.has(method ?? ''));
    const isLater = when === 'later' || runsCallbackLater.has(method ?? '');
    const inside: When = runsNow ? when : isLater ? 'later' : when === 'load' ? 'maybe' : 'later';
    this.#visit(node, inside, true);
  }

  #useName(node: AstNode, when: When, how: Use['how']): void {
    const binding = findBinding(this.#scope, textOf(node, 'name'));
    const target = binding && this.#targetOf(binding);
    if (target !== undefined) this.#add(target, when, how);
  }

  #targetOf(binding: Binding): string | undefined {
    const slot = slotOfBinding(this.#context, binding);
    if (!slot) return undefined;
    return slot.kind === 'local' ? `local:${slot.name}` : `import:${JSON.stringify(slot)}`;
  }

  #add(target: string, when: When, how: Use['how']): void {
    this.uses.push({ item: this.#item, target, when, how });
  }

  /** A value that is handed to unknown code, which may change it. */
  #passRoot(node: AstNode, when: When): void {
    const imported = namespaceMember(this.#context, node, this.#scope);
    const root = memberRoot(node);
    if (imported !== undefined) this.#add(imported, when, 'pass');
    else if (identifierName(root) !== undefined) this.#useName(root, when, 'pass');
  }

  #write(node: AstNode | undefined, when: When): void {
    if (!node || node.type === 'VariableDeclaration') return;
    const inner = withoutTypes(node);
    if (inner.type === 'ArrayPattern' || inner.type === 'ObjectPattern') {
      for (const child of runtimeChildren(inner)) this.#write(child, when);
      return;
    }
    if (inner.type === 'Property') {
      this.#write(childOf(inner, 'value'), when);
      return;
    }
    if (inner.type === 'RestElement') {
      this.#write(childOf(inner, 'argument'), when);
      return;
    }
    if (inner.type === 'AssignmentPattern') {
      this.#write(childOf(inner, 'left'), when);
      return;
    }
    this.#writeReference(inner, when);
  }

  #writeReference(node: AstNode, when: When): void {
    const root = memberRoot(node);
    const isName = root === node && findBinding(this.#scope, identifierName(node) ?? '') !== undefined;
    const chain = isName ? undefined : globalChain(node, this.#scope);
    if (chain !== undefined) {
      this.#writeGlobal(chain, when);
      return;
    }
    const member = root === node ? undefined : namespaceMember(this.#context, node, this.#scope);
    if (member !== undefined) {
      this.#add(member, when, 'write');
      return;
    }
    const binding =
      identifierName(root) === undefined ? undefined : findBinding(this.#scope, textOf(root, 'name'));
    if (binding && root === node) binding.isAssigned = true;
    const target = binding && this.#targetOf(binding);
    if (target !== undefined) this.#add(target, when, 'write');
    const global = root === node ? undefined : globalChain(root, this.#scope);
    if (global !== undefined) this.#writeGlobal(`${global}.[]`, when);
  }

  #writeGlobal(chain: string, when: When): void {
    const name = withoutGlobalObject(chain);
    if (outputs.test(name)) return;
    const isPlainGlobal = !name.includes('.') && !globalObject.test(name);
    this.#add(isPlainGlobal ? `global:${name}` : 'builtin', when, 'write');
  }
}

/** The leftmost expression of a member chain. */
function memberRoot(node: AstNode): AstNode {
  let current = withoutTypes(node);
  while (current.type === 'MemberExpression' || current.type === 'ChainExpression') {
    const next = childOf(current, current.type === 'MemberExpression' ? 'object' : 'expression');
    if (!next) return current;
    current = withoutTypes(next);
  }
  return current;
}

/** The target of a write to `ns.member…`, which changes what another module exports as `member`. */
function namespaceMember(context: ModuleContext, node: AstNode, scope: Scope): string | undefined {
  for (let current = withoutTypes(node); current.type === 'MemberExpression'; ) {
    const slot = slotOfNamespaceMember(context, current, scope);
    if (slot) return `import:${JSON.stringify(slot)}`;
    const next = childOf(current, 'object');
    if (!next) return undefined;
    current = withoutTypes(next);
  }
  return undefined;
}
