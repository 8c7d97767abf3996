import { type AstNode, childOf, isFunctionNode, withoutTypes } from '../ast/node.ts';
import { type Binding, findBinding, type Scope } from '../ast/scopes.ts';

/** Finds local variables that outlive the call that made them: an inner function changes them, and is handed on itself. */
export class Escapes {
  readonly #handedOn = new Set<Binding>();
  readonly #functions = new Set<AstNode>();
  /** Functions that run where they are written, and local names that are called. */
  readonly #ran = new Set<AstNode>();
  readonly #called = new Set<Binding>();
  readonly #writes: { readonly binding: Binding; readonly from: Scope }[] = [];

  /** A function in a place from which it may be kept; one that only bears a name is kept where its name is handed on. */
  add(fn: AstNode, scope: Scope): void {
    if (!nameOf(fn, scope)) this.#functions.add(fn);
  }

  handOn(binding: Binding): void {
    this.#handedOn.add(binding);
  }

  run(fn: AstNode): void {
    this.#ran.add(fn);
  }

  call(binding: Binding): void {
    this.#called.add(binding);
  }

  write(binding: Binding, from: Scope): void {
    this.#writes.push({ binding, from });
  }

  keepsState(): boolean {
    return this.#writes.some(({ binding, from }) => {
      const owner = functionScope(binding.scope);
      if (!owner || !this.#runsWithItem(owner)) return false;
      for (let scope = functionScope(from); scope && scope !== owner; scope = functionScope(scope.parent))
        if (this.#isKept(scope)) return true;
      return false;
    });
  }

  /** Whether a function runs when the item is used: it is the item itself, or is called inside. */
  #runsWithItem({ node, parent }: Scope): boolean {
    if (this.#ran.has(node) || !parent || !functionScope(parent)) return true;
    const name = nameOf(node, parent);
    return name !== undefined && this.#called.has(name);
  }

  #isKept({ node, parent }: Scope): boolean {
    if (this.#functions.has(node)) return true;
    const name = parent && nameOf(node, parent);
    return name !== undefined && this.#handedOn.has(name);
  }
}

function functionScope(start: Scope | undefined): Scope | undefined {
  for (let scope = start; scope; scope = scope.parent) if (isFunctionNode(scope.node)) return scope;
  return undefined;
}

/** The local name that a function is declared by: `function f() {}` or `const f = () => {}`. */
function nameOf(fn: AstNode, scope: Scope): Binding | undefined {
  for (let current: Scope | undefined = scope; current?.parent; current = current.parent) {
    for (const binding of current.bindings.values()) {
      const init = binding.kind === 'variable' ? childOf(binding.node, 'init') : undefined;
      if (init && withoutTypes(init) === fn) return binding;
    }
  }
  const name = childOf(fn, 'id')?.name;
  return typeof name === 'string' && fn.type === 'FunctionDeclaration' ? findBinding(scope, name) : undefined;
}
