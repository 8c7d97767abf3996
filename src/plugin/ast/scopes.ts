import { patternNames, runtimeChildren } from './children.ts';
import {
  type AstNode,
  childOf,
  childrenOf,
  declaredName,
  isClassNode,
  isFunctionNode,
  textOf,
} from './node.ts';

export type BindingKind = 'import' | 'variable' | 'function' | 'class' | 'parameter' | 'self';

export interface Binding {
  readonly name: string;
  readonly kind: BindingKind;
  readonly scope: Scope;
  /** The declarator, function, class or parameter that declares it. */
  readonly node: AstNode;
  readonly isConst: boolean;
  /** Whether any code assigns it after its declaration; known once the whole module has been read. */
  isAssigned: boolean;
}

export interface Scope {
  readonly parent: Scope | undefined;
  readonly node: AstNode;
  readonly bindings: Map<string, Binding>;
}

/** The scopes of one module by the node that opens them. */
export interface ScopeTree {
  readonly root: Scope;
  readonly of: ReadonlyMap<AstNode, Scope>;
}

/** The binding that a name means in a scope; undefined for a global. */
export function findBinding(scope: Scope, name: string): Binding | undefined {
  for (let current: Scope | undefined = scope; current; current = current.parent) {
    const binding = current.bindings.get(name);
    if (binding) return binding;
  }
  return undefined;
}

const blockTypes = new Set([
  'BlockStatement',
  'CatchClause',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'StaticBlock',
  'SwitchStatement',
  'TSModuleBlock',
]);

/** Declares every name of a module in its scope; all names are known before any reference is read. */
export function buildScopes(program: AstNode): ScopeTree {
  const of = new Map<AstNode, Scope>();
  const root = openScope(program, undefined, of);
  hoist(program, root, of);
  return { root, of };
}

function openScope(node: AstNode, parent: Scope | undefined, of: Map<AstNode, Scope>): Scope {
  const scope: Scope = { parent, node, bindings: new Map() };
  of.set(node, scope);
  return scope;
}

function declare(scope: Scope, name: string, kind: BindingKind, node: AstNode, isConst = false): void {
  if (name === '' || scope.bindings.has(name)) return;
  scope.bindings.set(name, { name, kind, scope, node, isConst, isAssigned: false });
}

/** Reads the children of a node, declaring in `scope` what they declare. */
function hoist(node: AstNode, scope: Scope, of: Map<AstNode, Scope>): void {
  for (const child of statementsOf(node)) visit(child, scope, of);
}

function statementsOf(node: AstNode): readonly AstNode[] {
  return node.type === 'Program' ? childrenOf(node, 'body') : runtimeChildren(node);
}

function visit(node: AstNode, scope: Scope, of: Map<AstNode, Scope>): void {
  if (node.type === 'ImportDeclaration') {
    declareImports(node, scope);
    return;
  }
  if (node.type.startsWith('Export')) {
    visitExport(node, scope, of);
    return;
  }
  if (node.type === 'VariableDeclaration') declareVariables(node, scope);
  if (node.type === 'TSImportEqualsDeclaration')
    declare(scope, textOf(childOf(node, 'id'), 'name'), 'import', node);
  if (node.type === 'TSEnumDeclaration' || node.type === 'TSModuleDeclaration') {
    declare(scope, declaredName(node), 'class', node);
  }
  if (isFunctionNode(node)) {
    visitFunction(node, scope, of);
    return;
  }
  if (isClassNode(node)) {
    visitClass(node, scope, of);
    return;
  }
  if (!blockTypes.has(node.type)) {
    hoist(node, scope, of);
    return;
  }
  const inner = openScope(node, scope, of);
  if (node.type === 'CatchClause') {
    for (const id of patternNames(childOf(node, 'param')))
      declare(inner, textOf(id, 'name'), 'parameter', node);
  }
  hoist(node, inner, of);
}

function visitExport(node: AstNode, scope: Scope, of: Map<AstNode, Scope>): void {
  const declaration = childOf(node, 'declaration') ?? childOf(node, 'expression');
  if (declaration && node.exportKind !== 'type') visit(declaration, scope, of);
}

function declareImports(node: AstNode, scope: Scope): void {
  if (node.importKind === 'type') return;
  for (const specifier of childrenOf(node, 'specifiers')) {
    if (specifier.importKind !== 'type')
      declare(scope, textOf(childOf(specifier, 'local'), 'name'), 'import', specifier);
  }
}

function declareVariables(node: AstNode, scope: Scope): void {
  const kind = textOf(node, 'kind');
  if (node.declare === true) return;
  const target = kind === 'var' ? functionScope(scope) : scope;
  for (const declarator of childrenOf(node, 'declarations')) {
    for (const id of patternNames(childOf(declarator, 'id'))) {
      const name = textOf(id, 'name');
      const isParameter = kind === 'var' && target.parent?.bindings.get(name)?.kind === 'parameter';
      if (!(isParameter && isFunctionNode(target.parent?.node))) {
        declare(target, name, 'variable', declarator, kind !== 'var' && kind !== 'let');
      }
    }
  }
}

/** The scope that takes a `var`: the body of the nearest function, a static block, a namespace or the module. */
function functionScope(scope: Scope): Scope {
  let current = scope;
  while (current.parent && !isFunctionNode(current.parent.node) && !isFunctionNode(current.node)) {
    if (current.node.type === 'StaticBlock' || current.node.type === 'TSModuleBlock') return current;
    current = current.parent;
  }
  return current;
}

function visitFunction(node: AstNode, scope: Scope, of: Map<AstNode, Scope>): void {
  const name = textOf(childOf(node, 'id'), 'name');
  if (node.type === 'FunctionDeclaration') declare(scope, name, 'function', node);
  const inner = openScope(node, scope, of);
  for (const parameter of childrenOf(node, 'params')) {
    for (const id of patternNames(parameter)) declare(inner, textOf(id, 'name'), 'parameter', node);
  }
  if (node.type === 'FunctionExpression') declare(inner, name, 'self', node);
  for (const child of runtimeChildren(node)) visit(child, inner, of);
}

function visitClass(node: AstNode, scope: Scope, of: Map<AstNode, Scope>): void {
  const name = textOf(childOf(node, 'id'), 'name');
  if (node.type === 'ClassDeclaration') declare(scope, name, 'class', node);
  const inner = openScope(node, scope, of);
  if (node.type === 'ClassExpression') declare(inner, name, 'self', node);
  hoist(node, inner, of);
}
