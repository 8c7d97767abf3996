import type { DiagnosticCode } from '../report/diagnostic-code.ts';
import type { CallTraits } from './call-traits.ts';

/** Part of every skeleton and of the disk cache's name. Raise it whenever a skeleton or a summary changes its form. */
export const SUMMARY_FORMAT = 'fp2';

/** A place in a skeleton that is filled while walking, because its meaning depends on other declarations or files. */
export type Slot =
  | { readonly kind: 'local'; readonly name: string }
  /** `member` is what is read of it, where that is known: of a module that is imported as a whole, only that counts. */
  | { readonly kind: 'import'; readonly source: string; readonly name: string; readonly member?: string }
  | { readonly kind: 'url'; readonly source: string }
  | GlobSlot
  | { readonly kind: 'memo'; readonly memo: MemoSlot };

/** Where a value comes from, as far as that may lead to a Memory. */
export type Origin =
  | { readonly kind: 'name'; readonly slot: Slot }
  | { readonly kind: 'new' | 'call'; readonly of: Origin }
  | { readonly kind: 'member'; readonly of: Origin; readonly name: string }
  /** One of several, which all must be the same kind of thing. */
  | { readonly kind: 'either'; readonly of: readonly Origin[] }
  | { readonly kind: 'object'; readonly members: Members }
  | { readonly kind: 'function'; readonly gives: Origin }
  | { readonly kind: 'class'; readonly base?: Origin; readonly fields: Members; readonly statics: Members };

export type Members = Readonly<Record<string, Origin>>;

/** Which files an `import.meta.glob` names. */
export interface GlobPatterns {
  readonly patterns: readonly string[];
  /** The folder that patterns and keys are relative to, where it is not the module's own. */
  readonly base?: string;
  /** Whether hidden files and installed packages belong to it. */
  readonly isExhaustive: boolean;
}

export interface GlobSlot {
  readonly kind: 'glob';
  readonly glob: GlobPatterns;
  /** Whether the files are evaluated with the module. */
  readonly isEager: boolean;
  /** `?raw` and the like. */
  readonly query: string;
  /** What is imported of each file; `*` is all. */
  readonly name: string;
}

/** A call that may be `memory.cache()`: its options count only where `callee` is not a Memory after all. */
export interface MemoSlot {
  readonly callee: Origin;
  /** `version` and `depends` of the options, which belong to the code's identity. */
  readonly identity: Unit;
  readonly callAndOptions: Unit;
}

/** A finding inside one unit; `start` and `end` are offsets in the file. */
export interface Note {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** The name that nothing in the file declares, where the note is about one. */
  readonly undeclared?: string;
}

/** Code reduced to the digest of a name-free token string, and the places where other code enters. */
export interface Unit {
  readonly skeleton: string;
  readonly slots: readonly Slot[];
  /** Dotted names of globals that are read: `Math.floor`, `import.meta.env.VITE_K`. */
  readonly globals: readonly string[];
  readonly notes: readonly Note[];
}

/** How an item's code uses a name of its module, an import or a global. */
export interface ItemUse {
  readonly of: Slot | 'builtin' | `global:${string}`;
  /**
   * `read`: looked at. `call`: called or constructed. `part`: something inside of it is handed on. `pass`: it is handed
   * on itself. `receiver`: a method of it is called. `write`: it or a member of it is changed.
   */
  readonly how: 'read' | 'call' | 'part' | 'pass' | 'receiver' | 'write';
  /** Whether that code runs after the item was evaluated. */
  readonly isLater: boolean;
  readonly method?: string;
  /** Whether a member is written, or has its method called, not the name itself. */
  readonly isMember?: boolean;
  /** Whether the write looks like that of a memo: by a key, or where nothing was yet. */
  readonly isMemo?: boolean;
  /** Whether it is in a function that a call at load was given, which may run it then, or keep it for later. */
  readonly isCallback?: boolean;
  /** Whether it is in a nameless function inside of the function, which runs when that one has returned. */
  readonly isInner?: boolean;
  /** Whether nobody looks at what a call gives. */
  readonly isDiscarded?: boolean;
}

/** What is known of the value that an item declares. */
export interface Traits {
  /** `value`: data, instances, tables. `code`: a function or class, whose members may be changed. */
  readonly holds: 'value' | 'code' | 'nothing';
  /** Holds nothing but primitives, so that its parts cannot be changed through it. */
  readonly isFlat: boolean;
  /** An array, Map, Set or typed array: what its methods do is known. */
  readonly isCollection: boolean;
  /** Begins with nothing in it, as a memo table does. */
  readonly isEmpty: boolean;
  /** None of its own methods uses `this`. */
  readonly isInert: boolean;
  /** Holds primitives and functions only, at any depth, so that no method of a part of it changes that part. */
  readonly isInertWithin: boolean;
  readonly isExported: boolean;
  /** A class with private fields, which nobody outside can read. */
  readonly hasPrivate: boolean;
  /** A class with private statics that its code may change, so that nobody outside can read what it holds. */
  readonly hidesStatics: boolean;
}

export type ItemKind = 'function' | 'class' | 'literal' | 'value' | 'statement';

/** One top-level declarator, function, class or statement. */
export interface Item extends Unit {
  readonly names: readonly string[];
  readonly kind: ItemKind;
  readonly start: number;
  readonly end: number;
  /** Whether it runs code when its module is evaluated. */
  readonly isEager: boolean;
  /** Items that change what this item declares, in source order. */
  readonly writers: readonly number[];
  /** Whether code that runs after its module was evaluated can change it. */
  readonly isMutable: boolean;
  readonly uses: readonly ItemUse[];
  /** Whether a call of its code may leave state that nobody outside can read: a closure's variable, a private field. */
  readonly hides: boolean;
  /** Whether a function calls what it is given, or hands it on, before it returns. */
  readonly runsParameters: boolean;
  readonly traits: Traits;
  /** Whether a comment takes its state out of the key. */
  readonly isIgnored: boolean;
  /** Whether it is a cached function. */
  readonly isCached: boolean;
  /** A primitive, or an object literal of primitives that is frozen on the spot. */
  readonly isFrozen: boolean;
  /** Where the value of `export default …` is, which has no name to read it by; of a class or function, where one goes. */
  readonly nameless?: { readonly start: number; readonly end: number; readonly nameAt?: number };
  /** Where what it declares comes from, by name, as far as that may lead to a Memory. */
  readonly origins?: Members;
  /** Parameter names, for a function. */
  readonly params?: readonly string[];
  readonly call?: CallTraits;
}

export type ExportTarget =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'import'; readonly source: string; readonly name: string };

export interface Capture {
  readonly name: string;
  /** How it is declared: `let`, `parameter`… */
  readonly kind: string;
  /** Whether the name means something else where the thunk is written. */
  readonly isShadowed: boolean;
}

/** A memoised call or decorator, and where its facts are written. */
export interface Site extends Unit {
  /** What the function does to module-level names, and what the rest of its declaration does. */
  readonly uses: readonly ItemUse[];
  readonly usesAround: readonly ItemUse[];
  readonly call?: CallTraits;
  readonly label: string;
  readonly callee: Origin | undefined;
  /** Whether its words say that a Memory is meant. */
  readonly isLikely: boolean;
  readonly form: 'call' | 'decorator-call' | 'decorator';
  readonly params: readonly string[] | undefined;
  /** The declaration that is memoised, for `memory.cache(simulate)`; its parameters are looked up there. */
  readonly target?: Slot;
  readonly captures: readonly Capture[];
  /** Members of `this` that an arrow function captured: `gain` of `this.gain`; '' for all of it. */
  readonly capturedThis: readonly string[];
  readonly thisProps: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Where the facts go, and the text in front of them. */
  readonly insertAt: number;
  readonly before: string;
}

/** A function or class that may be met as a value at run time, so that its module says what its code is. */
export interface CodeSite extends Unit {
  /** Its name in the module; an expression without one is wrapped where it is. */
  readonly name: string | undefined;
  readonly isClass: boolean;
  readonly uses: readonly ItemUse[];
  readonly start: number;
  readonly end: number;
}

/** All that the walk needs of one file. Depends on the text and the extension of the file only. */
export interface ModuleSummary {
  readonly items: readonly Item[];
  readonly sites: readonly Site[];
  readonly codes: readonly CodeSite[];
  readonly symbols: Readonly<Record<string, readonly number[]>>;
  readonly imports: Readonly<Record<string, { readonly source: string; readonly name: string }>>;
  readonly exports: Readonly<Record<string, ExportTarget>>;
  readonly stars: readonly string[];
  readonly bareImports: readonly string[];
  /** A CommonJS file: whoever imports anything of it runs and gets all of it. */
  readonly isCommonJs: boolean;
  /** The parser's complaint, where the file is no module that it can read. */
  readonly error?: string;
}
