import { type AstNode, childOf, identifierName, memberName, textOf, withoutTypes } from '../ast/node.ts';
import { type Binding, findBinding, type Scope, type ScopeTree } from '../ast/scopes.ts';
import { isGlobalObject as isGlobalName } from './global-notes.ts';
import type { Origin, Slot } from './module-summary.ts';

/** What is known of a module before any of its code is serialised. */
export interface ModuleContext {
  readonly source: string;
  readonly scopes: ScopeTree;
  /** Local name of an import to where it comes from. */
  readonly imports: ReadonlyMap<string, { readonly source: string; readonly name: string }>;
  /** Calls and decorators that may be memoised, by their node. */
  readonly memoNodes: ReadonlyMap<AstNode, MemoNode>;
  /** `@jsx`, `@jsxFrag`, `@jsxImportSource` and `@jsxRuntime` of the file's comments. */
  readonly jsxPragmas: ReadonlyMap<string, string>;
}

/** A call `x.cache(fn, options)`, or a decorator `@x.cache` or `@x.cache(options)`. */
export interface MemoNode {
  readonly form: 'call' | 'decorator-call' | 'decorator';
  readonly callee: Origin | undefined;
  /** The expression that is called: `x.cache`, or a name for it. */
  readonly member: AstNode;
  readonly fn: AstNode | undefined;
  readonly options: AstNode | undefined;
  /** Whether it is an imported name that only other files can tell to be `cache`. */
  readonly isGuess?: boolean;
}

/** The slot of a module-level binding; undefined for a local one. */
export function slotOfBinding(context: ModuleContext, binding: Binding): Slot | undefined {
  if (binding.scope !== context.scopes.root) return undefined;
  const imported = binding.kind === 'import' ? context.imports.get(binding.name) : undefined;
  if (imported) return { kind: 'import', source: imported.source, name: imported.name };
  return { kind: 'local', name: binding.name };
}

/** The slot that a reference stands for: a module-level name, or a member of a namespace. */
export function slotOfReference(context: ModuleContext, node: AstNode, scope: Scope): Slot | undefined {
  const expression = withoutTypes(node);
  const name = identifierName(expression);
  if (name !== undefined) {
    const binding = findBinding(scope, name);
    return binding && slotOfBinding(context, binding);
  }
  return expression.type === 'MemberExpression'
    ? slotOfNamespaceMember(context, expression, scope)
    : undefined;
}

/** `ns.member` is the same slot as a named import of `member`. */
export function slotOfNamespaceMember(context: ModuleContext, node: AstNode, scope: Scope): Slot | undefined {
  const object = childOf(node, 'object');
  const member = memberName(node);
  const name = object && identifierName(withoutTypes(object));
  if (name === undefined || member === undefined || node.optional === true) return undefined;
  const binding = findBinding(scope, name);
  const slot = binding && slotOfBinding(context, binding);
  return slot?.kind === 'import' && slot.name === '*' ? { ...slot, name: member } : undefined;
}

/** The dotted name of a global, with `import.meta` as a root; undefined for anything bound or computed. */
export function globalChain(node: AstNode, scope: Scope): string | undefined {
  const expression = withoutTypes(node);
  const name = identifierName(expression);
  if (name !== undefined) {
    const binding = findBinding(scope, name);
    return binding ? chainOfAlias(binding) : name;
  }
  if (expression.type === 'MetaProperty') {
    return textOf(childOf(expression, 'meta'), 'name') === 'import' ? 'import.meta' : undefined;
  }
  if (expression.type !== 'MemberExpression' || expression.optional === true || expression.computed === true)
    return undefined;
  const object = childOf(expression, 'object');
  const member = memberName(expression);
  const head = object && globalChain(object, scope);
  return head !== undefined && member !== undefined && !member.startsWith('#')
    ? `${head}.${member}`
    : undefined;
}

/** Whether an expression is the object of all globals: `typeof window === 'undefined' ? globalThis : window`. */
function isGlobalObject(node: AstNode, scope: Scope): boolean {
  const expression = withoutTypes(node);
  const isOne = (field: string): boolean => {
    const part = childOf(expression, field);
    return part !== undefined && isGlobalObject(part, scope);
  };
  if (expression.type === 'ConditionalExpression') return isOne('consequent') && isOne('alternate');
  if (expression.type === 'LogicalExpression')
    return isOne('right') && (expression.operator === '&&' || isOne('left'));
  const name = identifierName(expression) ?? '';
  return isGlobalName(name) && !findBinding(scope, name);
}

/** `const env = import.meta.env` is another name for it, and so is `const root = globalThis`. */
function chainOfAlias({ node, isConst, isAssigned, kind, scope }: Binding): string | undefined {
  const init = kind === 'variable' ? childOf(node, 'init') : undefined;
  if (!init || isAssigned || identifierName(childOf(node, 'id')) === undefined) return undefined;
  if (isGlobalObject(init, scope)) return 'globalThis';
  if (!isConst) return undefined;
  if (withoutTypes(init).type !== 'MemberExpression' || memberName(withoutTypes(init)) !== 'env')
    return undefined;
  return globalChain(init, scope) === 'import.meta.env' ? 'import.meta.env' : undefined;
}
