import { type AstNode, childOf, isFunctionNode, withoutTypes } from '../ast/node.ts';
import { type Binding, findBinding, type Scope } from '../ast/scopes.ts';

/** Finds local variables that outlive the call that made them: an inner function changes them, and is handed on itself. */
export class Escapes {
  readonly #handedOn = new Set<Binding>();
  readonly #functions = new Set<AstNode>();
  /** Functions that run where they are written, and local names that are called. */
  readonly #ran = new Set<AstNode>();
  readonly #called = new Set<Binding>();
  /** Whether the outermost function calls what it is given, or hands it on. */
  runsParameters = false;
  readonly #privates: { readonly classNode: AstNode | undefined; readonly scope: Scope }[] = [];
  readonly #writes: { readonly binding: Binding; readonly from: Scope }[] = [];

  /** A function in a place from which it may be kept; one that only bears a name is kept where its name is handed on. */
  add(fn: AstNode, scope: Scope): void {
    if (!nameOf(fn, scope)) this.#functions.add(fn);
  }

  /** A local name is called, or handed on. */
  use(binding: Binding, isCalled: boolean, from: Scope): void {
    (isCalled ? this.#called : this.#handedOn).add(binding);
    const owner = functionScope(binding.scope);
    const isTop = owner !== undefined && !functionScope(owner.parent);
    if (isTop && binding.kind === 'parameter' && functionScope(from) === owner) this.runsParameters = true;
  }

  run(fn: AstNode): void {
    this.#ran.add(fn);
  }

  write(binding: Binding, from: Scope): void {
    this.#writes.push({ binding, from });
  }

  /** A private field is changed after its object was made, by a method of a class. */
  writePrivate(classNode: AstNode | undefined, scope: Scope): void {
    this.#privates.push({ classNode, scope });
  }

  isNameless(fn: AstNode, scope: Scope): boolean {
    return nameOf(fn, scope) === undefined;
  }

  keepsState(): boolean {
    return this.#keepsVariable() || this.#privates.some((each) => this.#keepsPrivate(each));
  }

  /** A class inside of a function keeps something where the function makes an object of it. */
  #keepsPrivate({
    classNode,
    scope,
  }: {
    readonly classNode: AstNode | undefined;
    readonly scope: Scope;
  }): boolean {
    const local = classNode && localClass(classNode, scope);
    return local === undefined || this.#called.has(local);
  }

  #keepsVariable(): boolean {
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

/** The name of a class that is declared inside of a function. */
function localClass(classNode: AstNode, scope: Scope): Binding | undefined {
  for (let current: Scope | undefined = scope; current?.parent; current = current.parent) {
    for (const binding of current.bindings.values())
      if (binding.kind === 'class' && binding.node === classNode) return binding;
  }
  return undefined;
}
