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
import { anyGlobal, isGlobalObject, withoutGlobalObject } from './global-notes.ts';
import { globalChain, type ModuleContext, slotOfBinding, slotOfNamespaceMember } from './module-context.ts';
import type { ItemUse, Slot } from './module-summary.ts';
import type { RawItem } from './split-module.ts';
import {
  argumentPositions,
  eachPosition,
  type Position,
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

/** What an item's code does to module-level names, and whether it hides state in closures. */
export interface UsesOfItem {
  readonly uses: readonly ItemUse[];
  readonly hides: boolean;
  readonly runsParameters: boolean;
}

/** The code around a node; one object for all nodes of a scope. */
interface Place {
  readonly scope: Scope;
  readonly isLater: boolean;
  /** Whether the code is a constructor's own, where private fields are given their first values. */
  readonly isConstruction: boolean;
  /** How many functions are around, and whether the innermost has no name to call it by. */
  readonly depth: number;
  readonly isNameless: boolean;
  readonly isCallback: boolean;
  readonly classNode: AstNode | undefined;
}

interface Visit {
  readonly node: AstNode;
  readonly position: Position;
  readonly place: Place;
}

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
    this.#push(node, 'value', {
      scope,
      isLater: false,
      isConstruction: false,
      depth: 0,
      isNameless: false,
      isCallback: false,
      classNode: undefined,
    });
    for (let next = this.#stack.pop(); next; next = this.#stack.pop()) this.#visit(next);
    return {
      uses: [...this.#uses.values()],
      hides: this.#escapes.keepsState(),
      runsParameters: this.#escapes.runsParameters,
    };
  }

  #push(node: AstNode | undefined, position: Position, place: Place): void {
    if (node) this.#stack.push({ node: withoutTypes(node), position, place });
  }

  #pushAll(nodes: readonly AstNode[], position: Position, place: Place): void {
    for (const node of nodes) this.#push(node, position, place);
  }

  /** The place inside of a node, which may open a scope. */
  #inside(node: AstNode, place: Place): Place {
    const scope = this.#context.scopes.of.get(node);
    return scope ? { ...place, scope } : place;
  }

  #visit({ node, position, place: outer }: Visit): void {
    if (node === this.#without) return;
    const place = this.#inside(node, outer);
    const visit = { node, position, place };
    if (this.#context.memoNodes.get(node)?.callee) {
      this.#visitMemo(visit);
      return;
    }
    switch (node.type) {
      case 'Identifier':
      case 'JSXIdentifier': {
        this.#name(visit);
        return;
      }
      case 'MemberExpression': {
        this.#member(visit);
        return;
      }
      case 'CallExpression':
      case 'NewExpression': {
        this.#call(visit);
        return;
      }
      default:
        if (isFunctionNode(node)) this.#function(visit);
        else if (isClassNode(node)) this.#class(visit);
        else this.#other(visit);
    }
  }

  /** A cached function runs later, and by itself; its Memory and options are no state of the program. */
  #visitMemo({ node, place }: Visit): void {
    const { fn } = this.#context.memoNodes.get(node) ?? {};
    this.#push(fn, 'read', { ...place, isLater: true });
  }

  #function({ node, place }: Visit): void {
    this.#escapes.add(node, place.scope);
    const isNameless = place.depth > 0 && (place.isNameless || this.#escapes.isNameless(node, place.scope));
    const around = { depth: place.depth + 1, isNameless };
    const inside: Place = { ...place, ...around, isLater: true, isConstruction: false };
    this.#pushAll(runtimeChildren(node), 'value', inside);
  }

  /** Static fields and blocks run with the class, everything else later. */
  #class({ node, position, place }: Visit): void {
    this.#push(childOf(node, 'superClass'), 'callee', place);
    this.#pushAll(childrenOf(node, 'decorators'), position, place);
    for (const member of childrenOf(childOf(node, 'body'), 'body'))
      this.#classMember(member, { node, position, place });
  }

  #classMember(member: AstNode, { node: classNode, position, place: around }: Visit): void {
    if (member.computed === true) this.#push(childOf(member, 'key'), 'read', around);
    this.#pushAll(childrenOf(member, 'decorators'), position, around);
    const isLater = around.isLater || !(member.static === true || member.type === 'StaticBlock');
    const place = this.#inside(member, { ...around, isLater, classNode });
    const value = childOf(member, 'value');
    if (member.kind === 'constructor' && value) {
      const inside = this.#inside(value, { ...place, isConstruction: true });
      this.#pushAll(runtimeChildren(value), 'value', inside);
    } else if (member.type === 'StaticBlock') this.#pushAll(childrenOf(member, 'body'), 'value', place);
    else this.#push(value, 'value', place);
  }

  #other(visit: Visit): void {
    const { node, position, place } = visit;
    const written = writesOfTarget(node);
    const isUsed = position !== 'read' || node.type !== 'UpdateExpression';
    for (const target of written) this.#write(target, place, isUsed && position !== 'discarded');
    eachPosition(node, position, (child, at) => {
      if (!written.some((target) => target.node === child)) this.#push(child, at, place);
    });
  }

  #name({ node, position, place }: Visit): void {
    const how = hows[position];
    if (how) this.#useName(node, place, { how, ...(position === 'text' && { method: 'toString' }) });
  }

  /** `x.a.b` reads of x, or hands out a part of it. */
  #member({ node, position, place }: Visit): void {
    const slot = slotOfNamespaceMember(this.#context, node, place.scope);
    if (slot) {
      const how = hows[position];
      if (how) this.#add(slot, place, { how });
      return;
    }
    if (node.computed === true) this.#push(childOf(node, 'property'), 'read', place);
    const object = childOf(node, 'object');
    const root = object && rootOf(object);
    if (!object || !root) return;
    if (identifierName(root) === undefined) {
      this.#push(object, isHandedOn(position) ? 'value' : 'read', place);
      return;
    }
    this.#pushKeys(object, place);
    const member = namespaceRoot(this.#context, object, place.scope);
    const method = memberName(node);
    const isDirect = withoutTypes(object) === root;
    const use: UseWithout = {
      how: isHandedOn(position) ? 'part' : 'read',
      ...(isDirect && method && /^(?:name|toString|buffer)$/.test(method) && { method }),
    };
    if (member) this.#add(member, place, use);
    else this.#useName(root, place, use);
  }

  /** The computed keys inside a chain. */
  #pushKeys(chain: AstNode, place: Place): void {
    for (let node = withoutTypes(chain); isChain(node); ) {
      if (node.type === 'MemberExpression' && node.computed === true)
        this.#push(childOf(node, 'property'), 'read', place);
      const next = childOf(node, node.type === 'ChainExpression' ? 'expression' : 'object');
      if (!next) return;
      node = withoutTypes(next);
    }
  }

  #call({ node, position, place }: Visit): void {
    const callee = withoutTypes(childOf(node, 'callee') ?? node);
    const isDiscarded = position === 'discarded';
    const chain = globalChain(callee, place.scope);
    this.#callee(callee, place, { isDiscarded, ...(node.type === 'NewExpression' && { method: 'new' }) });
    const method = callee.type === 'MemberExpression' ? memberName(callee) : identifierName(callee);
    const args = childrenOf(node, 'arguments').map(withoutTypes);
    const positions = argumentPositions(chain, node.type === 'NewExpression', args.length);
    if (positions[0] === 'write' && this.#publish(args, place)) return;
    for (const [index, argument] of args.entries()) {
      const given = positions[index] ?? 'value';
      if (given === 'write') {
        this.#write({ node: argument, isKeyed: false, isMember: true }, place, !isDiscarded);
        continue;
      }
      // A callback may run at once, unless it is for an event or a promise.
      const isNow = isFunctionNode(argument) && !runsCallbackLater.has(method ?? '');
      if (isNow && !runsAndForgets.has(method ?? '')) this.#escapes.add(argument, place.scope);
      if (isNow)
        this.#runNow(argument, {
          ...place,
          isCallback: place.isCallback || !runsAndForgets.has(method ?? ''),
        });
      else this.#push(argument, given, place);
    }
  }

  /** `Object.assign(globalThis, { a, b })` and `Object.defineProperty(Math, 'a', …)` write single globals. */
  #publish([target, ...rest]: readonly AstNode[], place: Place): boolean {
    const [second] = rest;
    const chain = target && globalChain(target, place.scope);
    if (chain === undefined || !second) return false;
    const properties = second.type === 'ObjectExpression' ? childrenOf(second, 'properties') : [];
    const names = second.type === 'Literal' ? [stringValue(second)] : properties.map((each) => keyName(each));
    if (names.length === 0 || !names.every((name) => name !== undefined)) return false;
    for (const name of names) this.#writeGlobal(`${chain}.${name}`, place);
    this.#pushAll(rest, 'published', place);
    return true;
  }

  /** A function that is called on the spot and then forgotten. */
  #runNow(fn: AstNode, place: Place): void {
    this.#escapes.run(fn);
    this.#pushAll(runtimeChildren(fn), 'value', this.#inside(fn, place));
  }

  #callee(callee: AstNode, place: Place, as: Pick<ItemUse, 'isDiscarded' | 'method'>): void {
    if (isFunctionNode(callee)) {
      this.#runNow(callee, place);
      return;
    }
    const object = callee.type === 'MemberExpression' ? childOf(callee, 'object') : undefined;
    const isOwn = object && !slotOfNamespaceMember(this.#context, callee, place.scope);
    if (!isOwn) {
      const slot = slotOfNamespaceMember(this.#context, callee, place.scope);
      if (slot) this.#add(slot, place, { how: 'call', ...as });
      else if (identifierName(callee) !== undefined) this.#useName(callee, place, { how: 'call', ...as });
      else this.#push(callee, 'callee', place);
      return;
    }
    if (callee.computed === true) this.#push(childOf(callee, 'property'), 'read', place);
    this.#receiver(object, callee, place, as.isDiscarded === true);
  }

  /** `x.m()` may change x; what it means is decided where it is known what x is. */
  #receiver(object: AstNode, callee: AstNode, place: Place, isDiscarded: boolean): void {
    const method = memberName(callee) ?? '';
    const inner = withoutTypes(object);
    const root = rootOf(inner);
    const member = namespaceRoot(this.#context, inner, place.scope);
    const isDirect = inner === root || slotOfNamespaceMember(this.#context, inner, place.scope) !== undefined;
    const isMemo = /^(?:set|add)$/.test(method);
    const use = {
      how: 'receiver' as const,
      method,
      isDiscarded,
      isMemo,
      ...(!isDirect && { isMember: true }),
    };
    if (member) this.#add(member, place, use);
    else if (identifierName(root) === undefined) {
      if (mutators.has(method)) this.#writeThis(inner, place);
      this.#push(inner, 'value', place);
      return;
    } else this.#useName(root, place, use);
    this.#pushKeys(inner, place);
    if (mutators.has(method)) this.#writeLocal(root, place);
  }

  #write(
    target: { readonly node: AstNode; readonly isKeyed: boolean; readonly isMember?: boolean },
    place: Place,
    isUsed: boolean,
  ): void {
    const node = withoutTypes(target.node);
    this.#pushKeys(node, place);
    const chain = globalChain(node, place.scope);
    if (chain !== undefined) {
      this.#writeGlobal(chain, place);
      return;
    }
    const root = rootOf(node);
    const member = root === node ? undefined : namespaceRoot(this.#context, node, place.scope);
    const isMember = root !== node || target.isMember === true;
    const use = { how: 'write' as const, isMember, isMemo: target.isKeyed };
    if (member) this.#add(member, place, use);
    else if (identifierName(root) === undefined) {
      const globalRoot = globalChain(root, place.scope);
      if (globalRoot !== undefined) this.#writeGlobal(`${globalRoot}.[]`, place);
      else if (root.type === 'ThisExpression') this.#writeThis(target.isKeyed ? root : node, place);
      else this.#push(root, 'value', place);
    } else {
      const globalRoot = globalChain(root, place.scope);
      if (globalRoot !== undefined && isMember) this.#writeGlobal(`${globalRoot}.[]`, place);
      this.#useName(root, place, use);
      if (isUsed) this.#useName(root, place, { how: 'read' });
    }
    this.#writeLocal(root, place);
  }

  /** A private field that changes after construction is state that nobody else can read. */
  #writeThis(node: AstNode, place: Place): void {
    if (!place.isConstruction && isPrivateChain(node))
      this.#escapes.writePrivate(place.classNode, place.scope);
  }

  #writeLocal(root: AstNode, place: Place): void {
    const name = identifierName(root);
    const binding = name === undefined ? undefined : findBinding(place.scope, name);
    if (binding && binding.scope !== this.#context.scopes.root) this.#escapes.write(binding, place.scope);
  }

  #writeGlobal(chain: string, place: Place): void {
    const name = withoutGlobalObject(chain);
    if (outputs.test(name)) return;
    const isAny = isGlobalObject(name) || name === '[]';
    const isAnywhere = isAny || /(?:^|\.)(?:prototype|__proto__|\[\])(?:\.|$)/.test(name);
    const member = name.split('.').slice(0, 2).join('.');
    const of = isAnywhere ? 'builtin' : (`global:${member}` as const);
    this.#put({ of, how: 'write', isLater: place.isLater, ...(isAny && { method: anyGlobal }) });
  }

  #useName(node: AstNode, place: Place, use: UseWithout): void {
    const binding = findBinding(place.scope, textOf(node, 'name'));
    const slot = binding && slotOfBinding(this.#context, binding);
    if (slot) this.#add(slot, place, use);
    else if (binding && use.how !== 'read') this.#escapes.use(binding, use.how === 'call', place.scope);
  }

  #add(slot: Slot, { isLater, isNameless, isCallback }: Place, use: UseWithout): void {
    const when = { isLater, ...(isNameless && { isInner: true }), ...(isCallback && { isCallback }) };
    this.#put({ of: slot, ...when, ...use });
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

const isChain = ({ type }: AstNode): boolean => type === 'MemberExpression' || type === 'ChainExpression';

/** The leftmost expression of a member chain. */
function rootOf(node: AstNode): AstNode {
  let current = withoutTypes(node);
  while (isChain(current)) {
    const next = childOf(current, current.type === 'MemberExpression' ? 'object' : 'expression');
    if (!next) return current;
    current = withoutTypes(next);
  }
  return current;
}

/** The slot of `ns.member` at the left end of a chain. */
function namespaceRoot(context: ModuleContext, chain: AstNode, scope: Scope): Slot | undefined {
  for (let node = withoutTypes(chain); isChain(node); ) {
    const slot = node.type === 'MemberExpression' && slotOfNamespaceMember(context, node, scope);
    if (slot) return slot;
    const next = childOf(node, node.type === 'ChainExpression' ? 'expression' : 'object');
    if (!next) return undefined;
    node = withoutTypes(next);
  }
  return undefined;
}
