import { runtimeChildren } from '../ast/children.ts';
import {
  type AstNode,
  childOf,
  childrenOf,
  isClassNode,
  isFunctionNode,
  textOf,
  withoutTypes,
} from '../ast/node.ts';
import { type Binding, findBinding, type Scope } from '../ast/scopes.ts';
import type { ModuleContext } from './module-context.ts';
import type { Capture } from './module-summary.ts';
import { specialWriters } from './special-nodes.ts';
import { isLiteral } from './split-module.ts';
import { isEmpty } from './traits.ts';
import { type Surroundings, UnitWriter } from './unit-writer.ts';

/** Where a function is memoised. */
export interface ClosureSite {
  readonly scope: Scope;
  /** The scope around its code. */
  readonly around: Scope;
  /** The function, where it is written at that place. */
  readonly fn: AstNode | undefined;
  readonly capturesThis: boolean;
}

/**
 * The surroundings of a memoised function inside other functions: constants and helper functions of the enclosing
 * functions become part of the unit, every other enclosing variable is captured.
 */
export class Closure implements Surroundings {
  readonly captures: Capture[] = [];
  readonly capturedThis = new Set<string>();
  readonly writer: UnitWriter;
  readonly #site: ClosureSite;
  readonly #inlined = new Map<Binding, number>();
  readonly #captured = new Map<Binding, number>();
  readonly #pending: Binding[] = [];
  #writesClass = false;

  constructor(context: ModuleContext, site: ClosureSite) {
    this.#site = site;
    this.writer = new UnitWriter(context, site.around, this, specialWriters);
  }

  writeEnclosing(binding: Binding, node: AstNode): string {
    if (!isInlined(binding) && !this.#isOwn(binding, node)) return `^${this.#capture(binding, node)}`;
    let number = this.#inlined.get(binding);
    if (number === undefined) {
      number = this.#inlined.size;
      this.#inlined.set(binding, number);
      this.#pending.push(binding);
    }
    return `&${number}`;
  }

  /** A member by its value; what is called reads others in turn, so that all of `this` and its class count. */
  writeThis(member: string | undefined, node: AstNode, isCalled: boolean): string | undefined {
    if (!this.#site.capturesThis) return undefined;
    if (member === undefined || isCalled) {
      if (classAround(this.#site.scope))
        this.writer.note('FP001', 'captures all of "this"; its fields are added to the key', node);
      else
        this.writer.note('FP009', 'captures "this" of no class, so that its methods are not followed', node);
      this.capturedThis.add('');
      return member && `this.${member}`;
    }
    this.writer.note('FP001', `captures "this.${member}"; its value is added to the key`, node);
    this.capturedThis.add(member);
    return `this.${member}`;
  }

  /** A counter or memo table that nobody else uses: it holds what the function itself has put there. */
  #isOwn(binding: Binding, node: AstNode): boolean {
    const { fn } = this.#site;
    if (!fn || !beginsEmpty(binding) || !isUsedOnlyIn(fn, binding, this.writer.context)) return false;
    const { name } = binding;
    const message = `captures local "${name}", which only the function itself uses; it counts as it begins`;
    this.writer.note('FP001', message, node);
    return true;
  }

  #capture(binding: Binding, node: AstNode): number {
    const known = this.#captured.get(binding);
    if (known !== undefined) return known;
    const { name } = binding;
    const kind = binding.kind === 'variable' && !binding.isConst ? 'let' : binding.kind;
    const isShadowed = findBinding(this.#site.scope, name) !== binding;
    if (isShadowed)
      this.writer.note('FP009', `captures "${name}", which is hidden where the function is cached`, node);
    else this.writer.note('FP001', `captures local ${kind} "${name}"; its value is added to the key`, node);
    this.#captured.set(binding, this.captures.length);
    return this.captures.push({ name, kind, isShadowed }) - 1;
  }

  /** Writes the enclosing declarations that were met, until no new one appears. */
  writePending(): void {
    for (let binding = this.#pending.shift(); binding; binding = this.#pending.shift()) {
      const { writer } = this;
      writer.scope = binding.scope;
      writer.push(`enclosing ${this.#inlined.get(binding)}`);
      writer.thisDepth = 0;
      const init = binding.kind === 'variable' ? childOf(binding.node, 'init') : binding.node;
      if (init) writer.write(init);
    }
    if (this.capturedThis.has('')) this.#writeClassAround();
  }

  /** The class whose `this` is captured. */
  #writeClassAround(): void {
    const { writer } = this;
    const around = classAround(this.#site.scope);
    if (!around || this.#writesClass) return;
    this.#writesClass = true;
    writer.scope = around.parent ?? around;
    writer.thisDepth = 1;
    writer.push('class');
    writer.write(around.node);
    this.writePending();
  }
}

/** The scope of the class whose `this` code has that is no function of its own; undefined in any other function. */
function classAround(start: Scope): Scope | undefined {
  for (let scope: Scope | undefined = start; scope; scope = scope.parent) {
    if (isClassNode(scope.node)) return scope;
    const isOwnThis = isFunctionNode(scope.node) && scope.node.type !== 'ArrowFunctionExpression';
    if (isOwnThis && !isClassNode(scope.parent?.node)) return undefined;
  }
  return undefined;
}

/** Whether a variable of an enclosing function always holds what its declaration says. */
function isInlined(binding: Binding): boolean {
  if (binding.isAssigned) return false;
  if (binding.kind === 'function' || binding.kind === 'class' || binding.kind === 'self') return true;
  const init = childOf(binding.node, 'init');
  if (binding.kind !== 'variable' || !binding.isConst || !init) return false;
  if (childOf(binding.node, 'id')?.type !== 'Identifier') return false;
  const value = withoutTypes(init);
  return isFunctionNode(value) || isClassNode(value) || isLiteral(value);
}

/** Whether a variable begins with a primitive, or with nothing in it, whatever was given to the function around it. */
function beginsEmpty({ kind, node }: Binding): boolean {
  if (kind !== 'variable' || childOf(node, 'id')?.type !== 'Identifier') return false;
  const init = childOf(node, 'init');
  const value = init && withoutTypes(init);
  return value ? isLiteral(value) || isEmpty(value) : true;
}

const declares = (declaration: AstNode | undefined, { node }: Binding): boolean =>
  childrenOf(declaration, 'declarations').includes(node);

/** Whether all that names a variable is inside of a function. */
function isUsedOnlyIn(fn: AstNode, binding: Binding, { scopes }: ModuleContext): boolean {
  const pending: { readonly node: AstNode; readonly scope: Scope }[] = [
    { node: binding.scope.node, scope: binding.scope },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, scope: outer } = next;
    if (node === fn) continue;
    // A loop gives it other values.
    if (/^For(?:In|Of)Statement$/.test(node.type) && declares(childOf(node, 'left'), binding)) return false;
    const scope = scopes.of.get(node) ?? outer;
    const isNamed = node.type === 'Identifier' && textOf(node, 'name') === binding.name;
    if (isNamed && node !== childOf(binding.node, 'id') && findBinding(scope, binding.name) === binding)
      return false;
    for (const child of runtimeChildren(node)) pending.push({ node: child, scope });
  }
  return true;
}
