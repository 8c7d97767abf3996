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
  stringValue,
  textOf,
  withoutTypes,
} from '../ast/node.ts';
import { findBinding, type Scope } from '../ast/scopes.ts';
import { Escapes } from './escapes.ts';
import { withoutGlobalObject } from './global-notes.ts';
import { globalChain, type ModuleContext, slotOfBinding, slotOfNamespaceMember } from './module-context.ts';
import type { ItemUse, Slot } from './module-summary.ts';
import type { RawItem } from './split-module.ts';
import {
  argumentPositions,
  type Position,
  positionsOfChildren,
  runsAndForgets,
  runsCallbackLater,
  writesOfTarget,
} from './use-positions.ts';

/** Methods of collections that change them. */
export const mutators: ReadonlySet<string> = new Set(
  'push pop shift unshift splice sort reverse fill copyWithin set add delete clear append'.split(' '),
);
/** Writing to these is output, which no memoised function can read back as code or data. */
const outputs =
  /^(?:document|location|history|localStorage|sessionStorage|navigator|console|screen|module|exports)(?:\.|$)/;

const globalObject = /^(?:globalThis|window|self|global)$/;

/** What an item's code does to module-level names, and whether it hides state in closures. */
export interface UsesOfItem {
  readonly uses: readonly ItemUse[];
  readonly hides: boolean;
  readonly runsParameters: boolean;
}

interface Visit {
  readonly node: AstNode;
  readonly scope: Scope;
  readonly position: Position;
  readonly isLater: boolean;
  /** Whether the code is a constructor's own, where private fields are given their first values. */
  readonly isConstruction: boolean;
  /** How many functions are around, and whether the innermost has no name to call it by. */
  readonly depth: number;
  readonly isNameless: boolean;
  readonly classNode: AstNode | undefined;
}

type Place = Omit<Visit, 'node'>;
type UseWithout = Omit<ItemUse, 'of' | 'isLater'>;

/**
 * Reads how an item uses the names of its module: what it only reads, and what it hands out so that other code may change
 * it. An explicit stack, so that no code is too deep.
 */
export class ItemUses {
  readonly #context: ModuleContext;
  readonly #stack: Visit[] = [];
  readonly #uses = new Map<string, ItemUse>();
  readonly #escapes = new Escapes();
  readonly #without: AstNode | undefined;

  private constructor(context: ModuleContext, without: AstNode | undefined) {
    this.#context = context;
    this.#without = without;
  }

  static of(context: ModuleContext, item: RawItem, without?: AstNode): UsesOfItem {
    const start = item.node.type === 'VariableDeclarator' || !item.value ? item.node : item.value;
    return new ItemUses(context, without).#run(start, context.scopes.root);
  }

  /** The uses of a function, wherever it is; all of it runs later. */
  static ofFunction(context: ModuleContext, fn: AstNode, scope: Scope): readonly ItemUse[] {
    const { uses } = new ItemUses(context, undefined).#run(fn, scope);
    return uses.map((use) => ({ ...use, isLater: true }));
  }

  #run(node: AstNode, scope: Scope): UsesOfItem {
    const nowhere = {
      isLater: false,
      isConstruction: false,
      depth: 0,
      isNameless: false,
      classNode: undefined,
    };
    this.#push(node, { scope, position: 'value', ...nowhere });
    for (let next = this.#stack.pop(); next; next = this.#stack.pop()) this.#visit(next);
    return {
      uses: [...this.#uses.values()],
      hides: this.#escapes.keepsState(),
      runsParameters: this.#escapes.runsParameters,
    };
  }

  #push(node: AstNode | undefined, place: Place): void {
    if (node) this.#stack.push({ ...place, node }); // a place may be that of a node
  }

  #visit(visit: Visit): void {
    const node = withoutTypes(visit.node);
    if (node === this.#without) return;
    const scope = this.#context.scopes.of.get(node) ?? visit.scope;
    const here = { ...visit, node, scope };
    if (this.#context.memoNodes.get(node)?.callee) this.#visitMemo(here);
    else if (node.type === 'Identifier' || node.type === 'JSXIdentifier') this.#name(here);
    else if (node.type === 'MemberExpression') this.#member(here);
    else if (/^(?:Call|New)Expression$/.test(node.type)) this.#call(here);
    else if (isFunctionNode(node)) this.#function(here);
    else if (isClassNode(node)) this.#class(here);
    else this.#other(here);
  }

  /** A cached function runs later, and by itself; its Memory and options are no state of the program. */
  #visitMemo(visit: Visit): void {
    const { fn } = this.#context.memoNodes.get(visit.node) ?? {};
    this.#push(fn, { ...visit, position: 'read', isLater: true });
  }

  #function(visit: Visit): void {
    this.#escapes.add(visit.node, visit.scope);
    const isNameless =
      visit.depth > 0 && (visit.isNameless || this.#escapes.isNameless(visit.node, visit.scope));
    const around = { depth: visit.depth + 1, isNameless };
    const inside: Place = { ...visit, ...around, position: 'value', isLater: true, isConstruction: false };
    for (const child of runtimeChildren(visit.node)) this.#push(child, inside);
  }

  /** Static fields and blocks run with the class, everything else later. */
  #class(visit: Visit): void {
    this.#push(childOf(visit.node, 'superClass'), { ...visit, position: 'callee' });
    for (const decorator of childrenOf(visit.node, 'decorators')) this.#push(decorator, visit);
    for (const member of childrenOf(childOf(visit.node, 'body'), 'body')) this.#classMember(member, visit);
  }

  #classMember(member: AstNode, visit: Visit): void {
    if (member.computed === true) this.#push(childOf(member, 'key'), { ...visit, position: 'read' });
    for (const decorator of childrenOf(member, 'decorators')) this.#push(decorator, visit);
    const scope = this.#context.scopes.of.get(member) ?? visit.scope;
    const isLater = visit.isLater || !(member.static === true || member.type === 'StaticBlock');
    const place: Place = { ...visit, scope, position: 'value', isLater, classNode: visit.node };
    const value = childOf(member, 'value');
    if (member.kind === 'constructor' && value) {
      const inside = { ...place, scope: this.#context.scopes.of.get(value) ?? scope, isConstruction: true };
      for (const child of runtimeChildren(value)) this.#push(child, inside);
    } else if (member.type === 'StaticBlock') {
      for (const child of childrenOf(member, 'body')) this.#push(child, place);
    } else this.#push(value, place);
  }

  #other(visit: Visit): void {
    const { node } = visit;
    const written = writesOfTarget(node);
    const isUsed = visit.position !== 'read' || node.type !== 'UpdateExpression';
    for (const target of written) this.#write(target, visit, isUsed && visit.position !== 'discarded');
    const skipped = new Set(written.map(({ node: target }) => target));
    for (const { child, position } of positionsOfChildren(node, visit.position)) {
      if (!skipped.has(child)) this.#push(child, { ...visit, position });
    }
  }

  #name(visit: Visit): void {
    const how = hows[visit.position];
    if (how)
      this.#useName(visit.node, visit, { how, ...(visit.position === 'text' && { method: 'toString' }) });
  }

  /** `x.a.b` reads of x, or hands out a part of it. */
  #member(visit: Visit): void {
    const { node, scope } = visit;
    const slot = slotOfNamespaceMember(this.#context, node, scope);
    if (slot) {
      const how = hows[visit.position];
      if (how) this.#add(slot, visit, { how });
      return;
    }
    if (node.computed === true) this.#push(childOf(node, 'property'), { ...visit, position: 'read' });
    const object = childOf(node, 'object');
    const root = object && rootOf(object);
    if (!object || !root) return;
    if (identifierName(root) === undefined) {
      this.#push(object, { ...visit, position: isHandedOn(visit.position) ? 'value' : 'read' });
      return;
    }
    this.#pushKeys(object, visit);
    const member = namespaceRoot(this.#context, object, scope);
    const method = memberName(node);
    const isDirect = withoutTypes(object) === root;
    const use: UseWithout = {
      how: isHandedOn(visit.position) ? 'part' : 'read',
      ...(isDirect && method && /^(?:name|toString|buffer)$/.test(method) && { method }),
    };
    if (member) this.#add(member, visit, use);
    else this.#useName(root, visit, use);
  }

  /** The computed keys inside a chain. */
  #pushKeys(chain: AstNode, visit: Visit): void {
    for (let node = withoutTypes(chain); ; ) {
      if (node.type === 'MemberExpression' && node.computed === true)
        this.#push(childOf(node, 'property'), { ...visit, position: 'read' });
      const next = childOf(node, node.type === 'ChainExpression' ? 'expression' : 'object');
      if (!next || !/^(?:Member|Chain)Expression$/.test(node.type)) return;
      node = withoutTypes(next);
    }
  }

  #call(visit: Visit): void {
    const { node, scope } = visit;
    const callee = withoutTypes(childOf(node, 'callee') ?? node);
    const isDiscarded = visit.position === 'discarded';
    const chain = globalChain(callee, scope);
    this.#callee(callee, visit, { isDiscarded, ...(node.type === 'NewExpression' && { method: 'new' }) });
    const method = callee.type === 'MemberExpression' ? memberName(callee) : identifierName(callee);
    const args = childrenOf(node, 'arguments').map(withoutTypes);
    const positions = argumentPositions(chain, node.type === 'NewExpression', args.length);
    if (positions[0] === 'write' && this.#publish(args, visit)) return;
    for (const [index, argument] of args.entries()) {
      const position = positions[index] ?? 'value';
      if (position === 'write') {
        this.#write({ node: argument, isKeyed: false, isMember: true }, visit, !isDiscarded);
        continue;
      }
      // A callback may run at once, unless it is for an event or a promise.
      const isNow = isFunctionNode(argument) && !runsCallbackLater.has(method ?? '');
      if (isNow && !runsAndForgets.has(method ?? '')) this.#escapes.add(argument, visit.scope);
      if (isNow) this.#runNow(argument, visit);
      else this.#push(argument, { ...visit, position });
    }
  }

  /** `Object.assign(globalThis, { a, b })` and `Object.defineProperty(Math, 'a', …)` write single globals. */
  #publish([target, ...rest]: readonly AstNode[], visit: Visit): boolean {
    const [second] = rest;
    const chain = target && globalChain(target, visit.scope);
    if (chain === undefined || !second) return false;
    const properties = second.type === 'ObjectExpression' ? childrenOf(second, 'properties') : [];
    const names = second.type === 'Literal' ? [stringValue(second)] : properties.map((each) => keyName(each));
    if (names.length === 0 || !names.every((name) => name !== undefined)) return false;
    for (const name of names) this.#writeGlobal(`${chain}.${name}`, visit);
    for (const node of rest) this.#push(node, { ...visit, position: 'published' });
    return true;
  }

  /** A function that is called on the spot and then forgotten. */
  #runNow(fn: AstNode, visit: Visit): void {
    this.#escapes.run(fn);
    const scope = this.#context.scopes.of.get(fn) ?? visit.scope;
    for (const child of runtimeChildren(fn)) this.#push(child, { ...visit, scope, position: 'value' });
  }

  #callee(callee: AstNode, visit: Visit, as: Pick<ItemUse, 'isDiscarded' | 'method'>): void {
    if (isFunctionNode(callee)) {
      this.#runNow(callee, visit);
      return;
    }
    const object = callee.type === 'MemberExpression' ? childOf(callee, 'object') : undefined;
    const isOwn = object && !slotOfNamespaceMember(this.#context, callee, visit.scope);
    if (!isOwn) {
      const slot = slotOfNamespaceMember(this.#context, callee, visit.scope);
      if (slot) this.#add(slot, visit, { how: 'call', ...as });
      else if (identifierName(callee) !== undefined) this.#useName(callee, visit, { how: 'call', ...as });
      else this.#push(callee, { ...visit, position: 'callee' });
      return;
    }
    if (callee.computed === true) this.#push(childOf(callee, 'property'), { ...visit, position: 'read' });
    this.#receiver(object, { ...visit, node: callee }, as.isDiscarded === true);
  }

  /** `x.m()` may change x; what it means is decided where it is known what x is. */
  #receiver(object: AstNode, visit: Visit, isDiscarded: boolean): void {
    const method = memberName(visit.node) ?? '';
    const inner = withoutTypes(object);
    const root = rootOf(inner);
    const member = namespaceRoot(this.#context, inner, visit.scope);
    const use = { how: 'receiver' as const, method, isDiscarded, isMemo: /^(?:set|add)$/.test(method) };
    if (member) this.#add(member, visit, use);
    else if (identifierName(root) === undefined) {
      if (mutators.has(method)) this.#writeThis(inner, visit);
      this.#push(inner, { ...visit, position: 'value' });
      return;
    } else this.#useName(root, visit, use);
    this.#pushKeys(inner, visit);
    if (mutators.has(method)) this.#writeLocal(root, visit);
  }

  #write(
    target: { readonly node: AstNode; readonly isKeyed: boolean; readonly isMember?: boolean },
    visit: Visit,
    isUsed: boolean,
  ): void {
    const node = withoutTypes(target.node);
    this.#pushKeys(node, visit);
    const chain = globalChain(node, visit.scope);
    if (chain !== undefined) {
      this.#writeGlobal(chain, visit);
      return;
    }
    const root = rootOf(node);
    const member = root === node ? undefined : namespaceRoot(this.#context, node, visit.scope);
    const isMember = root !== node || target.isMember === true;
    const use = { how: 'write' as const, isMember, isMemo: target.isKeyed };
    if (member) this.#add(member, visit, use);
    else if (identifierName(root) === undefined) {
      const globalRoot = globalChain(root, visit.scope);
      if (globalRoot !== undefined) this.#writeGlobal(`${globalRoot}.[]`, visit);
      else if (root.type === 'ThisExpression') this.#writeThis(target.isKeyed ? root : node, visit);
      else this.#push(root, { ...visit, position: 'value' });
    } else {
      if (!findBinding(visit.scope, textOf(root, 'name')))
        this.#writeGlobal(`${textOf(root, 'name')}.[]`, visit);
      this.#useName(root, visit, use);
      if (isUsed) this.#useName(root, visit, { how: 'read' });
    }
    this.#writeLocal(root, visit);
  }

  /** A private field that changes after construction is state that nobody else can read. */
  #writeThis(node: AstNode, visit: Visit): void {
    if (!visit.isConstruction && isPrivateChain(node))
      this.#escapes.writePrivate(visit.classNode, visit.scope);
  }

  #writeLocal(root: AstNode, visit: Visit): void {
    const name = identifierName(root);
    const binding = name === undefined ? undefined : findBinding(visit.scope, name);
    if (binding && binding.scope !== this.#context.scopes.root) this.#escapes.write(binding, visit.scope);
  }

  #writeGlobal(chain: string, visit: Visit): void {
    const name = withoutGlobalObject(chain);
    if (outputs.test(name)) return;
    const isAnywhere = globalObject.test(name) || /(?:^|\.)(?:prototype|__proto__|\[\])(?:\.|$)/.test(name);
    const member = name.split('.').slice(0, 2).join('.');
    this.#put({ of: isAnywhere ? 'builtin' : `global:${member}`, how: 'write', isLater: visit.isLater });
  }

  #useName(node: AstNode, visit: Visit, use: UseWithout): void {
    const binding = findBinding(visit.scope, textOf(node, 'name'));
    const slot = binding && slotOfBinding(this.#context, binding);
    if (slot) this.#add(slot, visit, use);
    else if (binding && use.how !== 'read') this.#escapes.use(binding, use.how === 'call', visit.scope);
  }

  #add(slot: Slot, { isLater, isNameless }: Visit, use: UseWithout): void {
    this.#put({ of: slot, isLater, ...(isNameless && { isInner: true }), ...use });
  }

  #put(use: ItemUse): void {
    this.#uses.set(JSON.stringify(use), use);
  }
}

const hows: Readonly<Record<Position, ItemUse['how'] | undefined>> = {
  value: 'pass',
  part: 'part',
  callee: 'call',
  read: 'read',
  text: 'read',
  discarded: undefined,
  published: 'read',
};

const isHandedOn = (position: Position): boolean => position === 'value' || position === 'part';

/** Whether a chain begins with a private field: `this.#x.y`. */
function isPrivateChain(chain: AstNode): boolean {
  for (let node = withoutTypes(chain); node.type === 'MemberExpression'; ) {
    if ((memberName(node) ?? '').startsWith('#')) return true;
    const next = childOf(node, 'object');
    if (!next) return false;
    node = withoutTypes(next);
  }
  return false;
}

/** The leftmost expression of a member chain. */
function rootOf(node: AstNode): AstNode {
  let current = withoutTypes(node);
  while (current.type === 'MemberExpression' || current.type === 'ChainExpression') {
    const next = childOf(current, current.type === 'MemberExpression' ? 'object' : 'expression');
    if (!next) return current;
    current = withoutTypes(next);
  }
  return current;
}

/** The slot of `ns.member` at the left end of a chain. */
function namespaceRoot(context: ModuleContext, chain: AstNode, scope: Scope): Slot | undefined {
  for (let node = withoutTypes(chain); /^(?:Member|Chain)Expression$/.test(node.type); ) {
    const slot = node.type === 'MemberExpression' && slotOfNamespaceMember(context, node, scope);
    if (slot) return slot;
    const next = childOf(node, node.type === 'ChainExpression' ? 'expression' : 'object');
    if (!next) return undefined;
    node = withoutTypes(next);
  }
  return undefined;
}
