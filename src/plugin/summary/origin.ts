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
import { type Binding, findBinding, type Scope } from '../ast/scopes.ts';
import { type ModuleContext, slotOfBinding, slotOfNamespaceMember } from './module-context.ts';
import type { Members, Origin } from './module-summary.ts';

/** Deeper than this nobody hides a Memory. */
const maxDepth = 8;

/** A module that names none of this has no part in where a Memory comes from. */
const mayMatter = /memo|cache|keepsake/i;

/** Reads where values come from, in one module. */
export class Origins {
  readonly #context: ModuleContext;
  readonly #program: AstNode;
  readonly #mayMatter: boolean;
  #assignments: Map<Binding, AstNode[]> | undefined;

  constructor(context: ModuleContext, program: AstNode) {
    this.#context = context;
    this.#program = program;
    this.#mayMatter = mayMatter.test(context.source);
  }

  /** Origins of what a declaration declares, by name. */
  ofItem(names: readonly string[], value: AstNode | undefined): Members | undefined {
    if (!this.#mayMatter) return undefined;
    const { root } = this.#context.scopes;
    const found = names.flatMap((name): [string, Origin][] => {
      const binding = root.bindings.get(name);
      const origin = binding ? this.ofBinding(binding) : this.of(value, root);
      return origin ? [[name, origin]] : [];
    });
    return found.length > 0 ? Object.fromEntries(found) : undefined;
  }

  of(node: AstNode | undefined, scope: Scope, depth = 0): Origin | undefined {
    if (!node || depth > maxDepth) return undefined;
    const inner = withoutTypes(node);
    const next = (child: AstNode | undefined): Origin | undefined => this.of(child, scope, depth + 1);
    switch (inner.type) {
      case 'Identifier':
        return this.#ofName(inner, scope, depth);
      case 'MemberExpression':
        return this.#ofMember(inner, scope, depth);
      case 'ChainExpression':
        return next(childOf(inner, 'expression'));
      case 'AwaitExpression':
        return next(childOf(inner, 'argument'));
      case 'AssignmentExpression':
        return next(childOf(inner, 'right'));
      case 'SequenceExpression':
        return next(childrenOf(inner, 'expressions').at(-1));
      case 'NewExpression':
        return wrap('new', next(childOf(inner, 'callee')));
      case 'CallExpression':
        return wrap('call', next(childOf(inner, 'callee')));
      case 'ConditionalExpression':
        return either([next(childOf(inner, 'consequent')), next(childOf(inner, 'alternate'))]);
      case 'LogicalExpression':
        return either([next(childOf(inner, 'left')), next(childOf(inner, 'right'))]);
      case 'ObjectExpression':
        return { kind: 'object', members: this.#membersOf(childrenOf(inner, 'properties'), scope, depth) };
      default:
        if (isFunctionNode(inner)) return this.#ofFunction(inner, scope, depth);
        return isClassNode(inner) ? this.#ofClass(inner, scope, depth) : undefined;
    }
  }

  /** What a binding holds: by its declaration, and by all that is assigned to it. */
  ofBinding(binding: Binding, depth = 0): Origin | undefined {
    if (depth > maxDepth) return undefined;
    const { node, scope, name } = binding;
    if (binding.kind === 'function' || binding.kind === 'class') return this.of(node, scope, depth + 1);
    if (binding.kind !== 'variable') return undefined;
    const init = childOf(node, 'init');
    const declared = init && this.#declared(name, node, this.of(init, scope, depth + 1));
    if (binding.isConst) return declared;
    const assigned = (this.#assignmentsOf(binding) ?? []).map((value) => this.of(value, scope, depth + 1));
    return either([...(init ? [declared] : []), ...assigned]);
  }

  /** `const { cache: c } = memory` declares the member `cache` as `c`. */
  #declared(name: string, declarator: AstNode, value: Origin | undefined): Origin | undefined {
    const id = childOf(declarator, 'id');
    if (id?.type === 'Identifier') return value;
    const property = childrenOf(id, 'properties').find((each) => {
      const inner = childOf(each, 'value');
      return identifierName(inner?.type === 'AssignmentPattern' ? childOf(inner, 'left') : inner) === name;
    });
    const key = property && keyName(property);
    return value && key !== undefined ? { kind: 'member', of: value, name: key } : undefined;
  }

  #ofName(node: AstNode, scope: Scope, depth: number): Origin | undefined {
    const binding = findBinding(scope, textOf(node, 'name'));
    if (!binding) return undefined;
    const slot = slotOfBinding(this.#context, binding);
    return slot ? { kind: 'name', slot } : this.ofBinding(binding, depth + 1);
  }

  #ofMember(node: AstNode, scope: Scope, depth: number): Origin | undefined {
    const slot = slotOfNamespaceMember(this.#context, node, scope);
    if (slot) return { kind: 'name', slot };
    const name = memberName(node);
    const object = childOf(node, 'object');
    if (name === undefined || !object) return undefined;
    if (withoutTypes(object).type === 'ThisExpression') return this.#ofThis(object, name, scope, depth);
    const of = this.of(object, scope, depth + 1);
    return of && { kind: 'member', of, name };
  }

  /** `this.memory` inside of a class: what its field or constructor says. */
  #ofThis(node: AstNode, name: string, scope: Scope, depth: number): Origin | undefined {
    for (let current: Scope | undefined = scope; current; current = current.parent) {
      if (isClassNode(current.node)) return this.#ofField(current, node, name, depth);
      const isOwnThis = isFunctionNode(current.node) && current.node.type !== 'ArrowFunctionExpression';
      if (isOwnThis && !isClassNode(current.parent?.node)) return undefined;
    }
    return undefined;
  }

  #ofField(scope: Scope, at: AstNode, name: string, depth: number): Origin | undefined {
    const members = childrenOf(childOf(scope.node, 'body'), 'body');
    const isStatic = members.find((each) => each.start <= at.start && at.end <= each.end)?.static === true;
    const own = this.#fieldsOf(scope.node, scope, isStatic, depth)[name];
    if (own) return own;
    const base = this.of(childOf(scope.node, 'superClass'), scope, depth + 1);
    return base && { kind: 'member', of: isStatic ? base : { kind: 'new', of: base }, name };
  }

  #membersOf(properties: readonly AstNode[], scope: Scope, depth: number): Members {
    const found: [string, Origin][] = [];
    for (const property of properties) {
      const name = keyName(property);
      const value = this.of(childOf(property, 'value'), scope, depth + 1);
      const isGetter = property.kind === 'get' && value?.kind === 'function';
      if (name !== undefined && value) found.push([name, isGetter ? value.gives : value]);
    }
    return Object.fromEntries(found);
  }

  #fieldsOf(classNode: AstNode, scope: Scope, isStatic: boolean, depth: number): Members {
    const members = childrenOf(childOf(classNode, 'body'), 'body').filter(
      (each) => (each.static === true) === isStatic,
    );
    const inner = this.#context.scopes.of.get(classNode) ?? scope;
    const declared = this.#membersOf(
      members.filter((each) => keyName(each) !== 'constructor'),
      inner,
      depth + 1,
    );
    const builder = isStatic ? undefined : members.find((each) => each.kind === 'constructor');
    return { ...this.#assignedFields(childOf(builder, 'value'), inner, depth), ...declared };
  }

  /** `this.memory = new Memory()` in a constructor. */
  #assignedFields(fn: AstNode | undefined, scope: Scope, depth: number): Members {
    const inner = fn && this.#context.scopes.of.get(fn);
    const found: [string, Origin][] = [];
    for (const statement of childrenOf(childOf(fn, 'body'), 'body')) {
      const expression = childOf(statement, 'expression');
      const left = expression?.type === 'AssignmentExpression' ? childOf(expression, 'left') : undefined;
      const isField = childOf(left, 'object')?.type === 'ThisExpression';
      const name = left && isField ? memberName(left) : undefined;
      const value =
        name === undefined ? undefined : this.of(childOf(expression, 'right'), inner ?? scope, depth + 1);
      if (name !== undefined && value) found.push([name, value]);
    }
    return Object.fromEntries(found);
  }

  #ofFunction(node: AstNode, scope: Scope, depth: number): Origin | undefined {
    const inner = this.#context.scopes.of.get(node) ?? scope;
    const body = childOf(node, 'body');
    if (!body) return undefined;
    const results =
      body.type === 'BlockStatement'
        ? returnsIn(this.#context, body, inner).map(({ node: result, scope: at }) =>
            this.of(result, at, depth + 1),
          )
        : [this.of(body, inner, depth + 1)];
    const gives = either(results);
    return gives && { kind: 'function', gives };
  }

  #ofClass(node: AstNode, scope: Scope, depth: number): Origin {
    const base = this.of(childOf(node, 'superClass'), scope, depth + 1);
    const fields = this.#fieldsOf(node, scope, false, depth);
    return {
      kind: 'class',
      ...(base && { base }),
      fields,
      statics: this.#fieldsOf(node, scope, true, depth),
    };
  }

  #assignmentsOf(binding: Binding): readonly AstNode[] | undefined {
    this.#assignments ??= findAssignments(this.#context, this.#program);
    return this.#assignments.get(binding);
  }
}

function wrap(kind: 'new' | 'call', of: Origin | undefined): Origin | undefined {
  return of && { kind, of };
}

/** One of several origins; undefined where one of them is unknown. */
function either(origins: readonly (Origin | undefined)[]): Origin | undefined {
  const known = origins.filter((each) => each !== undefined);
  if (known.length !== origins.length) return undefined;
  return known.length > 1 ? { kind: 'either', of: known } : known[0];
}

interface ScopedNode {
  readonly node: AstNode;
  readonly scope: Scope;
}

/** The values that a function returns, without those of functions inside of it. */
function returnsIn(context: ModuleContext, body: AstNode, outer: Scope): ScopedNode[] {
  const found: ScopedNode[] = [];
  const pending = [{ node: body, scope: outer }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node } = next;
    const scope = context.scopes.of.get(node) ?? next.scope;
    const result = node.type === 'ReturnStatement' ? childOf(node, 'argument') : undefined;
    if (result) found.push({ node: result, scope });
    if (/Statement$|^(?:SwitchCase|CatchClause)$/.test(node.type))
      for (const child of runtimeChildren(node)) pending.push({ node: child, scope });
  }
  return found;
}

function findAssignments(context: ModuleContext, program: AstNode): Map<Binding, AstNode[]> {
  const found = new Map<Binding, AstNode[]>();
  const pending = [{ node: program, scope: context.scopes.root }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node } = next;
    const scope = context.scopes.of.get(node) ?? next.scope;
    const left = node.type === 'AssignmentExpression' ? childOf(node, 'left') : undefined;
    const name = left && identifierName(withoutTypes(left));
    const binding = name === undefined ? undefined : findBinding(scope, name);
    const value = childOf(node, 'right');
    if (binding && value) found.set(binding, [...(found.get(binding) ?? []), value]);
    for (const child of codeInside(node)) pending.push({ node: child, scope });
  }
  return found;
}

/** The children of a node, those of the module and its exports included. */
export function codeInside(node: AstNode): readonly AstNode[] {
  return node.type === 'Program' || node.type.startsWith('Export')
    ? [...childrenOf(node, 'body'), childOf(node, 'declaration'), childOf(node, 'expression')].filter(
        (each) => !!each,
      )
    : runtimeChildren(node);
}
