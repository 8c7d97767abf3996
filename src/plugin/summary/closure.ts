import { type AstNode, childOf, isClassNode, isFunctionNode, withoutTypes } from '../ast/node.ts';
import { type Binding, findBinding, type Scope } from '../ast/scopes.ts';
import type { ModuleContext } from './module-context.ts';
import type { Capture } from './module-summary.ts';
import { specialWriters } from './special-nodes.ts';
import { isLiteral } from './split-module.ts';
import { type Surroundings, UnitWriter } from './unit-writer.ts';

/**
 * The surroundings of a memoised function inside other functions: constants and helper functions of the enclosing
 * functions become part of the unit, every other enclosing variable is captured.
 */
export class Closure implements Surroundings {
  readonly captures: Capture[] = [];
  readonly capturedThis = new Set<string>();
  readonly writer: UnitWriter;
  readonly #siteScope: Scope;
  readonly #capturesThis: boolean;
  readonly #inlined = new Map<Binding, number>();
  readonly #captured = new Map<Binding, number>();
  readonly #pending: Binding[] = [];

  constructor(context: ModuleContext, siteScope: Scope, baseScope: Scope, capturesThis: boolean) {
    this.#siteScope = siteScope;
    this.#capturesThis = capturesThis;
    this.writer = new UnitWriter(context, baseScope, this, specialWriters);
  }

  writeEnclosing(binding: Binding, node: AstNode): string {
    if (!isInlined(binding)) return `^${this.#capture(binding, node)}`;
    let number = this.#inlined.get(binding);
    if (number === undefined) {
      number = this.#inlined.size;
      this.#inlined.set(binding, number);
      this.#pending.push(binding);
    }
    return `&${number}`;
  }

  writeThis(member: string | undefined, node: AstNode, _isCalled: boolean): string | undefined {
    if (!this.#capturesThis) return undefined;
    if (member === undefined || member.startsWith('#')) {
      this.writer.note(
        'FP009',
        `captures "this${member ? `.${member}` : ''}", which cannot enter the key`,
        node,
      );
      return undefined;
    }
    this.writer.note('FP001', `captures "this.${member}"; its value is added to the key`, node);
    this.capturedThis.add(member);
    return `this.${member}`;
  }

  #capture(binding: Binding, node: AstNode): number {
    const known = this.#captured.get(binding);
    if (known !== undefined) return known;
    const { name } = binding;
    const kind = binding.kind === 'variable' && !binding.isConst ? 'let' : binding.kind;
    const isShadowed = findBinding(this.#siteScope, name) !== binding;
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
  }
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
