/**
 * What of the receiver of a call enters its key: the fields that are declared, or all of them; the classes from its own up;
 * and whatever was laid over the object or over a prototype since the class was written.
 */
import { UnhashableArgumentError } from '../errors/errors.ts';
import { codeRegistry } from '../fingerprint/fingerprint.ts';
import { kindOf } from '../values/values.ts';
import {
  type CodeBook,
  CodeRefusal,
  contentOf,
  type Member,
  membersOf,
  methodsOf,
  staticsOf,
} from './code-digest.ts';
import { hidesState, isClass, isCode, isFieldOf, isSelfContained, readsClass } from './code-text.ts';
import { type Code, methodUnder, sourceOf } from './function-source.ts';

/** What is known of a function that uses its receiver. */
export interface ReceiverRules {
  /** The function itself, unwrapped. */
  readonly method: Code;
  /** The caller or the plugin says which fields are read; these are captured values. */
  readonly isDeclared: boolean;
  /** The receiver is what surrounds an arrow function, which is written in its class. */
  readonly isOuter: boolean;
  /** The class that declares the method, and those above it, count already: by the fingerprint of the method. */
  readonly coversClass: boolean;
  /** Names that do not count. */
  readonly ignored: ReadonlySet<string>;
}

/** The receiver or one of its prototypes. */
interface Level {
  readonly holder: object;
  readonly members: readonly Member[];
  /** The class whose prototype this is, or the class that is the receiver. */
  readonly owner: Code | undefined;
  /** It lies below the class that declares the method, or nobody knows. */
  isBelow: boolean;
}

const refuse = (path: string, what: string): never => {
  throw new UnhashableArgumentError(path, what);
};

const ownValue = (holder: object, name: string | symbol): unknown =>
  Object.getOwnPropertyDescriptor(holder, name)?.value;

function ownerOf(holder: object): Code | undefined {
  if (isCode(holder)) return holder;
  const maker = ownValue(holder, 'constructor');
  return isCode(maker) && ownValue(maker, 'prototype') === holder ? maker : undefined;
}

/** The receiver and its prototypes up to what the engine made; `builtIn` is that, where it is not Object. */
function levelsOf(self: object, rules: ReceiverRules): { levels: Level[]; builtIn: string | undefined } {
  const levels: Level[] = [];
  for (let holder: object | null = self; holder; holder = Object.getPrototypeOf(holder)) {
    if (holder === Function.prototype) break;
    const owner = ownerOf(holder);
    if (owner && sourceOf(owner) === '' && (holder !== self || isCode(self))) {
      return { levels: marked(levels, rules), builtIn: owner.name === 'Object' ? undefined : owner.name };
    }
    levels.push({ holder, members: membersOf(holder), owner, isBelow: true });
  }
  return { levels: marked(levels, rules), builtIn: undefined };
}

/** Says which levels lie below the one that has the method. */
function marked(levels: Level[], { method, isOuter }: ReceiverRules): Level[] {
  const declaring = levels.findIndex(({ members, owner }) =>
    isOuter
      ? owner && isClass(owner) && sourceOf(owner).includes(sourceOf(method))
      : members.some(([, { value }]) => isCode(value) && methodUnder(value) === method),
  );
  if (declaring >= 0) for (const level of levels.slice(declaring)) level.isBelow = false;
  return levels;
}

/** A Proxy may answer with other methods than it shows. */
function assertHonest(self: object, levels: readonly Level[], ignored: ReadonlySet<string>): void {
  const seen = new Set<string | symbol>(ignored);
  for (const { members } of levels) {
    for (const [name, { value }] of members) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (isCode(value) && name !== 'constructor' && name !== 'caller' && Reflect.get(self, name) !== value) {
        refuse(`this.${String(name)}`, 'a method that a Proxy puts in place of another');
      }
    }
  }
}

const isBehaviour = ({ value, get, set }: PropertyDescriptor): boolean =>
  isCode(value) || Boolean(get ?? set);

/** Members of the receiver itself. */
const ownOf = ([first]: readonly Level[]): readonly Member[] => first?.members ?? [];

/** Stands for a field that its class was written with. */
const fieldOf = (level: number, isBelow: boolean): string =>
  `${isBelow ? 'brought' : 'known'} by class ${level}`;

/** Whether the fingerprint of a function in a class says all code of that class, with what it reads. */
const isCovered = ({ isOuter, coversClass }: ReceiverRules, isBelow: boolean): boolean =>
  isOuter && coversClass && !isBelow;

/** Functions and accessors that the receiver itself has, apart from the method and from fields that its classes show. */
function ownBehaviour(self: object, levels: readonly Level[], rules: ReceiverRules): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, member] of isCode(self) ? [] : ownOf(levels)) {
    if (!isBehaviour(member) || rules.ignored.has(String(name))) continue;
    const { value, get, set } = member;
    if (isCode(value) && methodUnder(value) === rules.method) continue;
    const field = isCode(value)
      ? levels.findIndex(
          ({ owner, isBelow }) => owner && isFieldOf(owner, name, value, isCovered(rules, isBelow)),
        )
      : -1;
    // The class says what it is; whether it is still there, nobody else does.
    if (field >= 0) found[String(name)] = fieldOf(field, levels[field]?.isBelow ?? true);
    else if (isCode(value)) found[String(name)] = value;
    else found[`get ${String(name)}`] = [get, set];
  }
  return found;
}

/** Fields of the receiver that are data. */
function ownData(
  self: object,
  levels: readonly Level[],
  { ignored }: ReceiverRules,
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, member] of ownOf(levels)) {
    const isLeftOut = isCode(self) && /^(?:length|name|prototype)$/.test(String(name));
    if (isBehaviour(member) || isLeftOut || ignored.has(String(name))) continue;
    found[String(name)] = Reflect.get(self, name); // as the function sees it: a Proxy may have its own answer
  }
  return found;
}

/** Whether classes that nobody declares the fields of bring code to the receiver. */
function hasForeignCode(levels: readonly Level[], own: Readonly<Record<string, unknown>>): boolean {
  const [first, ...above] = levels;
  if (!first?.isBelow) return false;
  const isBrought = Object.values(own).some((each) => typeof each !== 'string' || each.startsWith('brought'));
  if (isBrought || levels.every(({ isBelow }) => isBelow)) return true;
  const below = isCode(first.holder) ? levels : above;
  return below.some(
    ({ members, isBelow }) =>
      isBelow && members.some(([name, member]) => name !== 'constructor' && isBehaviour(member)),
  );
}

/** Fields that nobody can read from outside would be missing. */
function assertVisible(levels: readonly Level[], method?: Code, builtIn?: string): void {
  const codes = [method, ...levels.map(({ owner }) => owner)];
  if (codes.some((code) => code && hidesState(code)))
    refuse('this', 'an object that keeps state outside of its fields');
  if (builtIn !== undefined) refuse('this', `an object that extends ${builtIn}`);
}

/** How far the members of a class itself count: its data only where somebody may read it. */
type Statics = 'all' | 'behaviour' | 'none';

/** What a class or prototype is, and what was changed of it. */
function describeLevel(
  { holder, members, owner, isBelow }: Level,
  book: CodeBook,
  rules: ReceiverRules,
  statics: Statics,
) {
  const { ignored, coversClass } = rules;
  if (!owner) return contentOf(members, (name) => ignored.has(String(name)));
  // Where the method is, its class is written: whoever answers for the one does for the other.
  const text = isBelow || !coversClass ? textOf(book, owner) : '';
  const membersIn = (part: unknown): readonly Member[] =>
    part === holder ? members : membersOf(Object(part));
  const prototype = ownValue(owner, 'prototype');
  const ofPrototype = typeof prototype === 'object' && prototype !== null && membersIn(prototype);
  const ofClass = statics !== 'none' && membersIn(owner);
  if (isBelow) for (const each of [ofClass, ofPrototype]) assertTold(owner, each || [], ignored);
  const isLeftOut = (name: string | symbol, member: PropertyDescriptor): boolean =>
    ignored.has(String(name)) || (statics === 'behaviour' && !isBehaviour(member));
  return [
    text,
    ofPrototype && methodsOf(owner, ofPrototype),
    ofClass && staticsOf(owner, ofClass, isLeftOut),
  ];
}

/** What a class brings to a receiver must be told by the source of its members; constructors and fields came before the call. */
function assertTold(owner: Code, members: readonly Member[], ignored: ReadonlySet<string>): void {
  if (codeRegistry().code.has(owner)) return;
  for (const [name, { value, get, set }] of members) {
    const isPart = name !== 'constructor' && name !== 'prototype' && !ignored.has(String(name));
    const unseen = [value, get, set].find((each) => isCode(each) && !isSelfContained(methodUnder(each)));
    if (isPart && unseen)
      refuse(
        `this.${String(name)}`,
        `a member of the class "${owner.name}" whose captured values cannot be seen`,
      );
  }
}

function textOf(book: CodeBook, owner: Code): string {
  try {
    return book.textOf(owner, true);
  } catch (error) {
    if (error instanceof CodeRefusal) refuse('this.constructor', error.message);
    throw error;
  }
}

/** Digest of what the function sees of its receiver. @throws UnhashableArgumentError for what cannot be told. */
export function receiverDigest(
  self: unknown,
  book: CodeBook,
  rules: ReceiverRules,
): string | Promise<string> {
  const { isDeclared, method } = rules;
  const isObject = (typeof self === 'object' && self !== null) || isCode(self);
  if (!isObject || !/^(?:object|instance|function|opaque|error)$/.test(kindOf(self))) {
    return book.digest(self, 'this');
  }
  const { levels, builtIn } = levelsOf(self, rules);
  assertHonest(self, levels, rules.ignored);
  const behaviour = ownBehaviour(self, levels, rules);
  const isForeign = hasForeignCode(levels, behaviour);
  if (!isDeclared) assertVisible(levels, method, builtIn);
  else if (isForeign) assertVisible(levels.filter(({ isBelow }) => isBelow));
  const isWhole = !isDeclared || isForeign;
  const chain = isCode(self) ? levels : levels.slice(1);
  const statics = staticsSeen(levels, rules, isCode(self) && (isWhole ? 'all' : 'behaviour'));
  const own = { ...(isWhole && ownData(self, levels, rules)), ...behaviour };
  const classes = [...chain.map((level) => describeLevel(level, book, rules, statics)), builtIn];
  return book.digestAll([
    { root: 'this', value: own, ignore: undefined },
    { root: 'this.constructor', value: classes, ignore: undefined },
  ]);
}

/** An instance reaches the members of its class by its constructor only. */
function staticsSeen(levels: readonly Level[], { method }: ReceiverRules, ofClass: Statics | false): Statics {
  if (ofClass !== false) return ofClass;
  const isRead = [method, ...levels.map(({ owner }) => owner)].some((code) => code && readsClass(code));
  return isRead ? 'all' : 'none';
}
