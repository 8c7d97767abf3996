import { type AstNode, childOf, isFunctionNode, isNode, keyName, textOf, withoutTypes } from '../ast/node.ts';
import { isErased, nodeFields } from '../ast/node-fields.ts';
import { type Binding, findBinding, type Scope } from '../ast/scopes.ts';
import { digestText } from './digest-text.ts';
import { anyGlobal, isGlobalObject, noteOfGlobal, withoutGlobalObject } from './global-notes.ts';
import { isKnownGlobal } from './known-globals.ts';
import { type ModuleContext, slotOfBinding } from './module-context.ts';
import { type Note, type Slot, SUMMARY_FORMAT, type Unit } from './module-summary.ts';

/** What a unit does with names that belong to the code around it. */
export interface Surroundings {
  /** The token for a variable of an enclosing function. */
  writeEnclosing(binding: Binding, node: AstNode): string;
  /** Called for `this` (and `this.member`, where static) that belongs to the code around the unit. */
  writeThis?(member: string | undefined, node: AstNode, isCalled: boolean): string | undefined;
}

/** Writes one node type whose tokens are not simply its listed fields. */
export type NodeWriter = (writer: UnitWriter, node: AstNode) => void;

/** Writes nodes as name-free tokens and collects the slots. One writer makes one unit. */
export class UnitWriter {
  readonly context: ModuleContext;
  readonly surroundings: Surroundings;
  readonly labels: string[] = [];
  /** How many functions or classes with a `this` of their own are around the current node. */
  thisDepth = 0;
  scope: Scope;
  /** The expression that the current call calls. */
  callee: AstNode | undefined;
  /** While true, only whether a name is there is asked: `typeof window`. */
  isTested = false;
  /** While true, local names that have no number yet keep their name and get none. */
  keepsNames = false;
  /** Of the enum or namespace that is being written. */
  bareMembers: ReadonlySet<string> = new Set();
  #tokens: string[] = [];
  #slots: Slot[] = [];
  #slotNumbers = new Map<string, number>();
  #globals = new Set<string>();
  #notes = new Map<string, Note>();
  readonly #numbers = new Map<Binding, number>();
  readonly #outer = new Set<Scope>();
  readonly #privates = new Map<string, number>();

  readonly #specialWriters: ReadonlyMap<string, NodeWriter>;

  constructor(
    context: ModuleContext,
    scope: Scope,
    surroundings: Surroundings,
    specialWriters: ReadonlyMap<string, NodeWriter>,
  ) {
    this.context = context;
    this.#specialWriters = specialWriters;
    this.scope = scope;
    this.surroundings = surroundings;
    for (let outer: Scope | undefined = scope; outer; outer = outer.parent) this.#outer.add(outer);
  }

  push(token: string): void {
    this.#tokens.push(token);
  }

  /** The number of a slot, shared by equal slots of this unit. */
  slot(slot: Slot): void {
    const key = JSON.stringify(slot);
    let number = this.#slotNumbers.get(key);
    if (number === undefined) {
      number = this.#slots.push(slot) - 1;
      this.#slotNumbers.set(key, number);
    }
    this.push(`@${number}`);
  }

  note(code: Note['code'], message: string, node: AstNode): void {
    const key = `${code} ${message}`;
    if (!this.#notes.has(key)) this.#notes.set(key, { code, message, start: node.start, end: node.end });
  }

  global(chain: string, node: AstNode): void {
    this.#globals.add(withoutGlobalObject(chain));
    if (isGlobalObject(chain) && !this.isTested) this.#globals.add(anyGlobal);
    const note = noteOfGlobal(chain);
    if (note) this.note(note.code, note.message, node);
    const name = chain.split('.')[0] ?? chain;
    if (name !== 'import' && !isKnownGlobal(name)) this.#undeclared(name, node);
    this.push(`global ${chain}`);
  }

  /** Another tool may put anything in its place; whether one does, the walk knows better. */
  #undeclared(name: string, node: AstNode): void {
    const message = `reads "${name}", which nothing declares, so that some tool must put it there; import it where it is used`;
    const { start } = node;
    this.#notes.set(`FP011 ${message}`, {
      code: 'FP011',
      message,
      start,
      end: start + name.length,
      undeclared: name,
    });
  }

  /** Writes a reference to, or a declaration of, a name. */
  name(name: string, node: AstNode): void {
    const binding = findBinding(this.scope, name);
    if (!binding && this.bareMembers.has(name)) {
      this.push(`global ${name}`);
      return;
    }
    if (!binding) {
      this.global(name, node);
      return;
    }
    this.binding(binding, node);
  }

  /** Writes what a name is bound to. */
  binding(binding: Binding, node: AstNode): void {
    const slot = slotOfBinding(this.context, binding);
    if (slot) {
      this.slot(slot);
      return;
    }
    if (this.#outer.has(binding.scope)) {
      this.push(this.surroundings.writeEnclosing(binding, node));
      return;
    }
    this.push(this.#localToken(binding));
  }

  #localToken(binding: Binding): string {
    let number = this.#numbers.get(binding);
    if (number === undefined) {
      if (this.keepsNames) return `$${binding.name}`;
      number = this.#numbers.size;
      this.#numbers.set(binding, number);
    }
    return `$${number}`;
  }

  /** Private names are nobody else's, so they are numbers like local ones. */
  privateName(name: string): string {
    let number = this.#privates.get(name);
    if (number === undefined) {
      number = this.#privates.size;
      this.#privates.set(name, number);
    }
    return `#${number}`;
  }

  /** Whether a local name has been written by this unit. */
  hasNumber(binding: Binding): boolean {
    return this.#numbers.has(binding);
  }

  write(node: AstNode): void {
    const inner = withoutTypes(node);
    if (isErased(inner)) return;
    const scope = this.context.scopes.of.get(inner);
    const outer = this.scope;
    if (scope) this.scope = scope;
    const ownsThis = isFunctionNode(inner) && inner.type !== 'ArrowFunctionExpression';
    if (ownsThis) this.thisDepth++;
    const special = this.#specialWriters.get(inner.type);
    if (special) special(this, inner);
    else this.writeFields(inner);
    if (ownsThis) this.thisDepth--;
    this.scope = outer;
  }

  /** Writes the fields of the whitelist; a node type that is not in it is opaque. */
  writeFields(node: AstNode): void {
    const fields = nodeFields.get(node.type);
    if (!fields) {
      this.#writeOpaque(node);
      return;
    }
    this.push(`${node.type}(`);
    for (const field of fields) this.writeValue(node[field]);
    this.push(')');
  }

  writeValue(value: unknown): void {
    if (isNode(value)) {
      this.write(value);
      return;
    }
    if (!Array.isArray(value)) {
      this.push(value === null || value === undefined ? '_' : JSON.stringify(value));
      return;
    }
    this.push('[');
    for (const element of value) {
      if (isNode(element)) this.write(element);
      else this.push('_');
    }
    this.push(']');
  }

  #writeOpaque(node: AstNode): void {
    this.push(`opaque ${JSON.stringify(this.context.source.slice(node.start, node.end))}`);
    this.note(
      'FP007',
      'uses syntax that this version of the plugin does not know; it counts by its text',
      node,
    );
  }

  /** Writes something into a unit of its own that shares this unit's numbering but never adds to it. */
  apart(write: () => void): Unit {
    const kept = {
      tokens: this.#tokens,
      slots: this.#slots,
      slotNumbers: this.#slotNumbers,
      globals: this.#globals,
      notes: this.#notes,
      keepsNames: this.keepsNames,
    };
    this.#tokens = [];
    this.#slots = [];
    this.#slotNumbers = new Map();
    this.#globals = new Set();
    this.#notes = new Map();
    this.keepsNames = true;
    write();
    const unit = this.unit();
    this.#tokens = kept.tokens;
    this.#slots = kept.slots;
    this.#slotNumbers = kept.slotNumbers;
    this.#globals = kept.globals;
    this.#notes = kept.notes;
    this.keepsNames = kept.keepsNames;
    return unit;
  }

  unit(): Unit {
    return {
      skeleton: digestText(`${SUMMARY_FORMAT}|${this.#tokens.join(' ')}`),
      slots: this.#slots,
      globals: [...this.#globals],
      notes: [...this.#notes.values()],
    };
  }

  /** Writes a key of an object, class or enum: equal for `a` and `'a'`. */
  writeKey(owner: AstNode, field = 'key'): void {
    const key = childOf(owner, field);
    if (!key) return;
    if (key.type === 'PrivateIdentifier') {
      this.push(this.privateName(textOf(key, 'name')));
      return;
    }
    const name = keyName(owner, field);
    // These mean something else where they are not computed.
    const isSpecial = owner.computed === true && /^(?:__proto__|constructor|prototype)$/.test(name ?? '');
    if (name === undefined || isSpecial) this.writeValue([key]);
    else this.push(JSON.stringify(name));
  }
}
