import { type AstNode, childOf, childrenOf, isFunctionNode, keyName, stringValue } from '../ast/node.ts';
import { findBinding, type Scope } from '../ast/scopes.ts';
import { callTraits } from './call-traits.ts';
import { Closure } from './closure.ts';
import type { FoundSite } from './find-memo-nodes.ts';
import { ItemUses } from './item-uses.ts';
import { MethodClosure } from './method-closure.ts';
import { type ModuleContext, slotOfBinding, slotOfReference } from './module-context.ts';
import type { Note, Site } from './module-summary.ts';
import type { RawItem } from './split-module.ts';

/** Serialises the function of each memoised call and method, and says where its facts go. */
export function summariseSite(context: ModuleContext, found: FoundSite, items: readonly RawItem[]): Site {
  const fn = found.method ? childOf(found.method, 'value') : found.memo.fn;
  const written =
    found.method && found.classNode ? writeMethodSite(context, found) : writeCallSite(context, found, fn);
  const { memo, node } = found;
  const options = childrenOf(memo.options, 'properties').find((property) => keyName(property) === 'id');
  return {
    ...written,
    label: stringValue(childOf(options, 'value')) ?? found.label,
    callee: memo.callee,
    isLikely: found.isLikely,
    form: memo.form,
    params: fn && isFunctionNode(fn) ? paramNames(context, fn) : undefined,
    ...usesOfSite(context, found, items),
    ...(fn && isFunctionNode(fn) && { call: callTraits(fn) }),
    start: memo.member.start,
    end: memo.member.end,
    ...insertion(context.source, found, node),
  };
}

type Written = Pick<
  Site,
  'skeleton' | 'slots' | 'globals' | 'notes' | 'captures' | 'capturedThis' | 'thisProps' | 'target'
>;

function writeMethodSite(context: ModuleContext, found: FoundSite): Written {
  const { method, classNode, scope } = found;
  if (!method || !classNode) throw new TypeError('A method site needs its method and class');
  const closure = new MethodClosure(context, scope, classNode, method.static === true);
  closure.writeMethod(method);
  return {
    ...closure.writer.unit(),
    captures: closure.captures,
    capturedThis: [],
    thisProps: [...closure.thisProps],
  };
}

function writeCallSite(context: ModuleContext, found: FoundSite, fn: AstNode | undefined): Written {
  const isArrow = fn?.type === 'ArrowFunctionExpression';
  const { scope } = found;
  const closure = new Closure(context, {
    scope,
    around: scope,
    fn,
    capturesThis: isArrow && hasOuterThis(scope),
  });
  const target = fn && slotOfReference(context, fn, scope);
  const isTarget = target?.kind === 'local' || target?.kind === 'import';
  if (fn && !isTarget) closure.writer.write(fn);
  closure.writePending();
  const unit = closure.writer.unit();
  const unknown = fn && !isTarget ? unknownFunction(context, found, fn, closure) : undefined;
  return {
    ...unit,
    notes: unknown ? [...unit.notes, unknown] : unit.notes,
    captures: closure.captures,
    capturedThis: [...closure.capturedThis],
    thisProps: [],
    ...(isTarget && { target }),
  };
}

/** A function that arrives in a variable has no code to look at. */
function unknownFunction(
  context: ModuleContext,
  found: FoundSite,
  fn: AstNode,
  closure: Closure,
): Note | undefined {
  if (fn.type !== 'Identifier') return undefined;
  const binding = findBinding(found.scope, String(fn.name));
  const isKnown = binding && (slotOfBinding(context, binding) ?? closure.captures.length === 0);
  if (isKnown) return undefined;
  const message = `the function "${String(fn.name)}" is a value that is only known at run time`;
  return { code: 'FP009', message, start: fn.start, end: fn.end };
}

/** Whether `this` means something at a scope: it lies in a function that is no arrow, or in a class. */
function hasOuterThis(scope: Scope): boolean {
  for (let current: Scope | undefined = scope; current; current = current.parent) {
    if (/^(?:Function|Class|StaticBlock)/.test(current.node.type)) return true;
  }
  return false;
}

/** What the function and what the rest of its declaration do to module-level names. */
function usesOfSite(
  context: ModuleContext,
  { memo, method, node, scope }: FoundSite,
  items: readonly RawItem[],
): Pick<Site, 'uses' | 'usesAround'> {
  const fn = method ?? memo.fn;
  const item = items.find((each) => each.node.start <= node.start && node.end <= each.node.end);
  return {
    uses: fn ? ItemUses.ofFunction(context, method ? (childOf(method, 'value') ?? fn) : fn, scope) : [],
    usesAround: item && fn ? ItemUses.of(context, item, method ? childOf(method, 'value') : fn).uses : [],
  };
}

/** Each parameter's name; `{a,b}` for a pattern, `...rest` for the rest. */
export function paramNames(context: ModuleContext, fn: AstNode): string[] {
  return childrenOf(fn, 'params')
    .filter((param) => param.name !== 'this')
    .map((param) => paramName(context, param));
}

function paramName(context: ModuleContext, param: AstNode): string {
  switch (param.type) {
    case 'Identifier':
      return String(param.name);
    case 'AssignmentPattern':
      return nested(context, param, 'left');
    case 'RestElement':
      return `...${nested(context, param, 'argument')}`;
    case 'ObjectPattern':
      return `{${childrenOf(param, 'properties')
        .map((each) => patternKey(context, each))
        .join(',')}}`;
    case 'ArrayPattern':
      return `[${childrenOf(param, 'elements')
        .map((each) => paramName(context, each))
        .join(',')}]`;
    default:
      return context.source.slice(param.start, param.end);
  }
}

function nested(context: ModuleContext, node: AstNode, field: string): string {
  const inner = childOf(node, field);
  return inner ? paramName(context, inner) : '';
}

function patternKey(context: ModuleContext, property: AstNode): string {
  return keyName(property) ?? paramName(context, property);
}

/** Facts are the last argument: behind the options, or behind `void 0` where there are none. */
function insertion(source: string, found: FoundSite, node: AstNode): Pick<Site, 'insertAt' | 'before'> {
  const call = node.type === 'Decorator' ? childOf(node, 'expression') : node;
  if (found.memo.form === 'decorator') return { insertAt: found.memo.member.end, before: '' };
  const end = (call ?? node).end - 1; // in front of the closing parenthesis
  const args = childrenOf(call, 'arguments');
  const tail = source.slice(args.at(-1)?.end ?? end, end).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
  const comma = args.length === 0 || tail.trimEnd().endsWith(',') ? '' : ', ';
  return { insertAt: end, before: found.memo.options ? comma : `${comma}void 0, ` };
}
