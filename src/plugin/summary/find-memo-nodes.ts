import { runtimeChildren } from '../ast/children.ts';
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
import type { Scope } from '../ast/scopes.ts';
import { type MemoNode, type ModuleContext, slotOfReference } from './module-context.ts';

/** A memoised call or decorator with its surroundings. */
export interface FoundSite {
  readonly memo: MemoNode;
  /** The call expression, or the decorator. */
  readonly node: AstNode;
  readonly scope: Scope;
  readonly label: string;
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

/** Finds every `x.cache(fn, options)` and `@x.cache`, named by the names around it. */
export function findMemoNodes(context: ModuleContext, program: AstNode, importsLibrary: boolean): FoundMemos {
  const found: FoundMemos = { sites: [], nodes: new Map() };
  const repeats = new Map<string, number>();
  const decoratorCalls = new Set<AstNode>();

  function visit(node: AstNode, outer: Place): void {
    const inner = withoutTypes(node);
    const place = placeInside(context, inner, outer);
    // The call of a decorator makes a decorator; it caches no function by itself.
    if (inner.type === 'Decorator') decoratorCalls.add(childOf(inner, 'expression') ?? inner);
    if (inner.type === 'CallExpression' && !decoratorCalls.has(inner))
      addSite(callMemo(context, inner, place.scope), inner, place);
    if (inner.type === 'MethodDefinition') {
      for (const decorator of childrenOf(inner, 'decorators')) {
        addSite(decoratorMemo(context, decorator, place.scope), decorator, place, inner);
      }
    }
    for (const child of childrenToVisit(inner)) visit(child, place);
  }

  function addSite(memo: MemoNode | undefined, node: AstNode, place: Place, method?: AstNode): void {
    if (!memo || (!memo.callee && !importsLibrary)) return;
    found.nodes.set(node, memo);
    const args = childrenOf(memo.form === 'decorator' ? undefined : callOf(node), 'arguments');
    if (args.length > (memo.form === 'call' ? 2 : 1)) return;
    const label = numbered(place.names.join('.') || 'anonymous', repeats);
    const { scope, classNode } = place;
    found.sites.push({
      memo,
      node,
      scope,
      label,
      ...(method && { method }),
      ...(classNode && { classNode }),
    });
  }

  // Most modules cache nothing and need not be searched.
  if (/\bcache\b/.test(context.source))
    visit(program, { names: [], scope: context.scopes.root, classNode: undefined });
  return found;
}

function numbered(name: string, repeats: Map<string, number>): string {
  const count = (repeats.get(name) ?? 0) + 1;
  repeats.set(name, count);
  return count === 1 ? name : `${name}~${count}`;
}

function childrenToVisit(node: AstNode): AstNode[] {
  return node.type === 'Program' || node.type.startsWith('Export')
    ? [...childrenOf(node, 'body'), childOf(node, 'declaration'), childOf(node, 'expression')].filter(
        (each) => !!each,
      )
    : runtimeChildren(node);
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

/** `x.cache(fn, options)`, where x is a module-level name, a namespace's member or a local `new X()`. */
function callMemo(context: ModuleContext, node: AstNode, scope: Scope): MemoNode | undefined {
  const member = cacheMember(childOf(node, 'callee'));
  const [fn, options] = childrenOf(node, 'arguments');
  if (
    !member ||
    !fn ||
    /^(?:SpreadElement|ObjectExpression)$/.test(fn.type) ||
    options?.type === 'SpreadElement'
  )
    return undefined;
  const callee = calleeSlot(context, member, scope);
  const isFunction = isFunctionNode(withoutTypes(fn));
  if (!callee && !isFunction) return undefined;
  return { form: 'call', callee, member, fn: withoutTypes(fn), options: options && withoutTypes(options) };
}

function decoratorMemo(context: ModuleContext, node: AstNode, scope: Scope): MemoNode | undefined {
  const expression = childOf(node, 'expression');
  const isCall = expression?.type === 'CallExpression';
  const member = cacheMember(isCall ? childOf(expression, 'callee') : expression);
  if (!member) return undefined;
  const callee = calleeSlot(context, member, scope);
  const options = isCall ? childrenOf(expression, 'arguments')[0] : undefined;
  const form = isCall ? 'decorator-call' : 'decorator';
  return { form, callee, member, fn: undefined, options: options && withoutTypes(options) };
}

function cacheMember(node: AstNode | undefined): AstNode | undefined {
  const member = node && withoutTypes(node);
  const isCache =
    member?.type === 'MemberExpression' && member.computed !== true && memberName(member) === 'cache';
  return isCache && member.optional !== true ? member : undefined;
}

function calleeSlot(context: ModuleContext, member: AstNode, scope: Scope): MemoNode['callee'] {
  const object = childOf(member, 'object');
  return object && slotOfReference(context, object, scope);
}

/** Whether a module imports anything, also only a type, from the library. */
export function importsLibrary(program: AstNode): boolean {
  return childrenOf(program, 'body').some((node) => textOf(childOf(node, 'source'), 'value') === 'keepsake');
}
