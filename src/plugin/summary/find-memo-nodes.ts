import {
  type AstNode,
  childOf,
  childrenOf,
  identifierName,
  isClassNode,
  isFunctionNode,
  keyName,
  memberName,
  textOf,
  withoutTypes,
} from '../ast/node.ts';
import { findBinding, type Scope } from '../ast/scopes.ts';
import type { MemoNode, ModuleContext } from './module-context.ts';
import type { Origin } from './module-summary.ts';
import { codeInside, type Origins } from './origin.ts';

/** A memoised call or decorator with its surroundings. */
export interface FoundSite {
  readonly memo: MemoNode;
  /** The call expression, or the decorator. */
  readonly node: AstNode;
  readonly scope: Scope;
  readonly label: string;
  /** Whether its words say that a Memory is meant. */
  readonly isLikely: boolean;
  /** For a decorator: the method, and its class. */
  readonly method?: AstNode;
  readonly classNode?: AstNode;
}

export interface FoundMemos {
  readonly sites: FoundSite[];
  readonly nodes: Map<AstNode, MemoNode>;
}

interface Place {
  readonly names: readonly string[];
  readonly scope: Scope;
  readonly classNode: AstNode | undefined;
}

export interface Search {
  readonly context: ModuleContext;
  readonly origins: Origins;
  readonly program: AstNode;
}

/** Finds every `x.cache(fn, options)` and `@x.cache`, and every name for it, named by the names around it. */
export function findMemoNodes(search: Search): FoundMemos {
  const { context, program } = search;
  const found: FoundMemos = { sites: [], nodes: new Map() };
  const repeats = new Map<string, number>();
  const decoratorCalls = new Set<AstNode>();
  const isUser = importsLibrary(program);

  function visit(node: AstNode, outer: Place): void {
    const inner = withoutTypes(node);
    const place = placeInside(context, inner, outer);
    // The call of a decorator makes a decorator; it caches no function by itself.
    if (inner.type === 'Decorator') decoratorCalls.add(childOf(inner, 'expression') ?? inner);
    if (inner.type === 'CallExpression' && !decoratorCalls.has(inner))
      addSite(callMemo(search, inner, place.scope), inner, place);
    if (inner.type === 'MethodDefinition') {
      for (const decorator of childrenOf(inner, 'decorators')) {
        addSite(decoratorMemo(search, decorator, place.scope), decorator, place, inner);
      }
    }
    for (const child of codeInside(inner)) visit(child, place);
  }

  function addSite(memo: MemoNode | undefined, node: AstNode, place: Place, method?: AstNode): void {
    if (!memo) return;
    const isLikely = /memo/i.test(context.source.slice(memo.member.start, memo.member.end));
    if (!memo.callee && !isUser && !isLikely) return;
    if (!memo.isGuess) found.nodes.set(node, memo);
    const args = childrenOf(memo.form === 'decorator' ? undefined : callOf(node), 'arguments');
    if (args.length > (memo.form === 'call' ? 2 : 1)) return;
    const label = numbered(place.names.join('.') || 'anonymous', repeats);
    const { scope, classNode } = place;
    found.sites.push({
      memo,
      node,
      scope,
      label,
      isLikely: isLikely || !memo.callee,
      ...(method && { method }),
      ...(classNode && { classNode }),
    });
  }

  // Most modules cache nothing and need not be searched.
  if (/cache/i.test(context.source))
    visit(program, { names: [], scope: context.scopes.root, classNode: undefined });
  return found;
}

function numbered(name: string, repeats: Map<string, number>): string {
  const count = (repeats.get(name) ?? 0) + 1;
  repeats.set(name, count);
  return count === 1 ? name : `${name}~${count}`;
}

function callOf(node: AstNode): AstNode | undefined {
  return node.type === 'Decorator' ? childOf(node, 'expression') : node;
}

function placeInside(context: ModuleContext, node: AstNode, outer: Place): Place {
  const name = nameOf(node);
  const repeatsOuter = node.type === 'FunctionExpression' && name === outer.names.at(-1);
  return {
    names: name === undefined || name === '' || repeatsOuter ? outer.names : [...outer.names, name],
    scope: context.scopes.of.get(node) ?? outer.scope,
    classNode: isClassNode(node) ? node : outer.classNode,
  };
}

function nameOf(node: AstNode): string | undefined {
  switch (node.type) {
    case 'VariableDeclarator':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return identifierName(childOf(node, 'id'));
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'Property':
      return keyName(node);
    case 'AssignmentExpression': {
      const left = childOf(node, 'left');
      return left?.type === 'MemberExpression' ? memberName(left) : identifierName(left);
    }
    case 'ExportDefaultDeclaration':
      return childOf(childOf(node, 'declaration'), 'id') ? undefined : 'default';
    default:
      return undefined;
  }
}

/** `x.cache(fn, options)`, or a call of a name for `x.cache`. */
function callMemo(search: Search, node: AstNode, scope: Scope): MemoNode | undefined {
  const [fn, options] = childrenOf(node, 'arguments');
  if (!fn || /^(?:SpreadElement|ObjectExpression)$/.test(fn.type) || options?.type === 'SpreadElement')
    return undefined;
  const cache = findCache(search, childOf(node, 'callee'), scope);
  const inner = withoutTypes(fn);
  if (!cache || (!cache.callee && !isFunctionNode(inner))) return undefined;
  return { form: 'call', ...cache, fn: inner, options: options && withoutTypes(options) };
}

function decoratorMemo(search: Search, node: AstNode, scope: Scope): MemoNode | undefined {
  const expression = childOf(node, 'expression');
  const isCall = expression?.type === 'CallExpression';
  const cache = findCache(search, isCall ? childOf(expression, 'callee') : expression, scope);
  if (!cache || cache.isGuess) return undefined;
  const options = isCall ? childrenOf(expression, 'arguments')[0] : undefined;
  const form = isCall ? 'decorator-call' : 'decorator';
  return { form, ...cache, fn: undefined, options: options && withoutTypes(options) };
}

/** What is called, where it may be the method of a Memory. */
function findCache(
  { context, origins }: Search,
  node: AstNode | undefined,
  scope: Scope,
): Pick<MemoNode, 'callee' | 'member' | 'isGuess'> | undefined {
  const member = node && withoutTypes(node);
  if (!member) return undefined;
  if (member.type === 'MemberExpression' && memberName(member) === 'cache')
    return { callee: origins.of(member, scope), member };
  const name = identifierName(member);
  const binding = name === undefined ? undefined : findBinding(scope, name);
  const callee = binding && origins.of(member, scope);
  if (!binding || !callee) return undefined;
  if (binding.kind !== 'import')
    return isCacheName(origins.ofBinding(binding)) ? { callee, member } : undefined;
  const imported = context.imports.get(binding.name)?.name ?? '';
  return /cache/i.test(`${name} ${imported}`) ? { callee, member, isGuess: true } : undefined;
}

/** `memory.cache`, also bound, or chosen between two. */
function isCacheName(origin: Origin | undefined): boolean {
  switch (origin?.kind) {
    case 'member':
      return origin.name === 'cache' || (origin.name === 'bind' && isCacheName(origin.of));
    case 'call':
      return origin.of.kind === 'member' && origin.of.name === 'bind' && isCacheName(origin.of.of);
    case 'either':
      return origin.of.every(isCacheName);
    default:
      return false;
  }
}

/** Whether a module imports anything, also only a type, from the library. */
function importsLibrary(program: AstNode): boolean {
  return childrenOf(program, 'body').some((node) => textOf(childOf(node, 'source'), 'value') === 'keepsake');
}
