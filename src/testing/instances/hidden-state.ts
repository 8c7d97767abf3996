/**
 * Programs that make two objects of one look, told apart by `k` alone: by a member that is seen, or by state of every kind
 * that is not. Each is text, so that it can be evaluated twice, as two pages do, and so that no compiler touches it.
 */

export interface Kind {
  readonly name: string;
  /** Defines `make(k)`, and `read(o)` where that is not `o.read()`. BASE is what a class may extend. */
  readonly source: string;
  /** Whether all of it is in plain sight, so that a key can be expected. */
  readonly isSeen?: boolean;
}

const seen = (name: string, source: string): Kind => ({ name, source, isSeen: true });
const hidden = (name: string, source: string): Kind => ({ name, source });

export const kinds: readonly Kind[] = [
  seen('field', 'class U BASE { constructor(k) { SUPER this.k = k } read() { return this.k } } const make = (k) => new U(k);'),
  seen('field of a function', 'function U(k) { this.k = k } U.prototype.read = function () { return this.k }; const make = (k) => new U(k);'),
  seen('nested field', 'class U BASE { v = { list: [] }; constructor(k) { SUPER this.v.list.push(k) } read() { return this.v.list[0] } } const make = (k) => new U(k);'),
  seen('getter over a field', 'class U BASE { constructor(k) { SUPER this._k = k } get k() { return this._k * 2 } } const make = (k) => new U(k), read = (o) => o.k;'),
  seen('static field', 'class U BASE { static unit = 2; constructor(k) { SUPER this.k = k } read() { return this.k * U.unit } } const make = (k) => new U(k);'),
  seen('subclass of Map', 'class U extends Map { read() { return this.get("k") } } const make = (k) => new U([["k", k]]);'),
  seen('subclass of Set', 'class U extends Set { read() { return [...this][0] } } const make = (k) => new U([k]);'),
  seen('subclass of Array', 'class U extends Array { read() { return this[0] } } const make = (k) => U.from([k]);'),
  seen('subclass of Uint8Array', 'class U extends Uint8Array { read() { return this[0] } } const make = (k) => U.from([k]);'),
  seen('subclass of Error', 'class U extends Error { name = "U"; read() { return this.k } } const make = (k) => Object.assign(new U("x"), { k });'),
  seen('member of a subclass of Map', 'class U extends Map { read() { return this.k } } const make = (k) => Object.assign(new U(), { k });'),
  seen('member of a typed array', 'const make = (k) => Object.assign(new Uint8Array(4), { width: k }), read = (o) => o.width;'),
  seen('member of a large typed array', 'const make = (k) => Object.assign(new Float32Array(500), { width: k }), read = (o) => o.width;'),
  seen('member of a Map', 'const make = (k) => Object.assign(new Map(), { k }), read = (o) => o.k;'),
  seen('member of a Date', 'const make = (k) => Object.assign(new Date(0), { k }), read = (o) => o.k;'),
  seen('member of a RegExp', 'const make = (k) => Object.assign(/a/, { k }), read = (o) => o.k;'),
  seen('lastIndex', 'const make = (k) => Object.assign(/a/g, { lastIndex: k }), read = (o) => o.lastIndex;'),
  seen('member of an array', 'const make = (k) => Object.assign([1], { k }), read = (o) => o.k;'),
  seen('hidden member of a plain object', 'const make = (k) => Object.defineProperty({ a: 1 }, "k", { value: k }), read = (o) => o.k;'),
  seen('hidden member of an array', 'const make = (k) => Object.defineProperty([1], "k", { value: k }), read = (o) => o.k;'),
  seen('hidden member of an Error', 'const make = (k) => Object.defineProperty(new Error("x"), "k", { value: k }), read = (o) => o.k;'),
  seen('hidden member of a Map', 'const make = (k) => Object.defineProperty(new Map(), "k", { value: k }), read = (o) => o.k;'),
  seen('accessor of a plain object', 'const make = (k) => ({ get k() { return k } }), read = (o) => o.k;'),
  seen('reactive Map', 'const make = (k) => { const raw = new Map([["k", k]]); return new Proxy(raw, { get: (t, name) => name === "__v_raw" ? raw : typeof t[name] === "function" ? t[name].bind(t) : Reflect.get(t, name, t) }) }, read = (o) => o.get("k");'),
  hidden('private field', 'class U BASE { v = 1; #k; constructor(k) { SUPER this.#k = k } read() { return this.#k } } const make = (k) => new U(k);'),
  hidden('static private field', 'class U BASE { v = 1; static #k = new Map(); constructor(k) { SUPER U.#k.set(this, k) } read() { return U.#k.get(this) } } const make = (k) => new U(k);'),
  hidden('private method and field', 'class U BASE { v = 1; #k; constructor(k) { SUPER this.#k = k } #get() { return this.#k } read() { return this.#get() } } const make = (k) => new U(k);'),
  hidden('WeakMap of the module', 'const ks = new WeakMap(); class U BASE { v = 1; constructor(k) { SUPER ks.set(this, k) } read() { return ks.get(this) } } const make = (k) => new U(k);'),
  hidden('private field as esbuild lowers it', 'var _k; var __privateGet = (obj, member) => member.get(obj); var __privateAdd = (obj, member, value) => member.set(obj, value); class U BASE { constructor(k) { SUPER __privateAdd(this, _k, k); this.v = 1 } read() { return __privateGet(this, _k) } } _k = new WeakMap(); const make = (k) => new U(k);'),
  hidden('private field as TypeScript lowers it', 'var _U_k; class U BASE { constructor(k) { SUPER this.v = 1; _U_k.set(this, k) } read() { return _U_k.get(this) } } _U_k = new WeakMap(); const make = (k) => new U(k);'),
  hidden('private field, minified', 'var a=new WeakMap;class U BASE{constructor(t){SUPER a.set(this,t),this.v=1}read(){return a.get(this)}}const make=t=>new U(t);'),
  hidden('captured by a method', 'const make = (k) => { class U BASE { v = 1; read() { return this.v * k } } return new U() };'),
  hidden('captured, named as a parameter elsewhere', 'const make = (k) => { class U BASE { v = 1; scale(k) { return k } read() { return this.v * k } } return new U() };'),
  hidden('captured, named as a local of a callback', 'const make = (k) => { class U BASE { v = 1; read() { [1].map((k) => k); return k } } return new U() };'),
  hidden('captured, named as a local of a block', 'const make = (k) => { class U BASE { v = 1; read() { { const k = 1; this.v = k } return k } } return new U() };'),
  hidden('captured in a template', 'const make = (k) => { class U BASE { v = 1; read() { return `${`${k}`}` } } return new U() };'),
  hidden('captured behind a regular expression', 'const make = (k) => { class U BASE { v = "a"; read() { return /["\']/.test(this.v) + k + "\'" } } return new U() };'),
  hidden('captured as a shorthand', 'const make = (k) => { class U BASE { v = 1; read() { return { k }.k } } return new U() };'),
  hidden('captured as a default', 'const make = (k) => { class U BASE { v = 1; read(x = k) { return x } } return new U() };'),
  hidden('captured as a computed name', 'const make = (k) => { class U BASE { v = 1; read() { return { [k]: 1 } } } return new U() };'),
  hidden('captured by a getter', 'const make = (k) => { class U BASE { v = 1; get k() { return k } } return new U() }, read = (o) => o.k;'),
  hidden('captured by a static method', 'const make = (k) => { class U BASE { v = 1; static k() { return k } read() { return U.k() } } return new U() };'),
  hidden('captured by an arrow in a static field', 'const make = (k) => { class U BASE { v = 1; static k = () => k; read() { return U.k() } } return new U() };'),
  hidden('captured by a base class', 'const make = (k) => { class B { v = 1; read() { return k } } class U extends B { w = 2 } return new U() };'),
  hidden('captured by a mixin', 'const mixin = (B, k) => class extends B { read() { return k } }; const make = (k) => { class U extends mixin(class { v = 1 }, k) {} return new U() };'),
  hidden('captured by a constructor function', 'const make = (k) => { function U() { this.v = 1 } U.prototype.read = function () { return k }; return new U() };'),
  hidden('captured by a subclass of Map', 'const make = (k) => { class U extends Map { read() { return k } } return new U() };'),
  hidden('captured by a subclass of Array', 'const make = (k) => { class U extends Array { read() { return k } } return U.from([1]) };'),
  hidden('captured by a subclass of Error', 'const make = (k) => { class U extends Error { read() { return k } } return new U("x") };'),
  hidden('captured by a function that is a member', 'class U BASE { v = 1; constructor(k) { SUPER this.read = () => k } } const make = (k) => new U(k);'),
  hidden('state of the module', 'let current = 0; class U BASE { v = 1; read() { return current } } const make = (k) => { current = k; return new U() };'),
  hidden('global state', 'class U BASE { v = 1; read() { return globalThis.keepsakeTestState } } const make = (k) => { globalThis.keepsakeTestState = k; return new U() };'),
  hidden('eval', 'const make = (k) => { class U BASE { v = 1; read() { return eval("k") } } return new U() };'),
  hidden('static that changed', 'class U BASE { v = 1; static k = 0; read() { return U.k } } const make = (k) => { U.k = k; return new U() };'),
  hidden('static of the base that changed', 'class B { static k = 0 } class U extends B { v = 1; read() { return this.constructor.k } } const make = (k) => { B.k = k; return new U() };'),
  hidden('static object that changed', 'class U BASE { v = 1; static of = { k: 0 }; read() { return U.of.k } } const make = (k) => { U.of.k = k; return new U() };'),
  hidden('static instance that changed', 'class U BASE { constructor(v) { SUPER this.v = v } read() { return U.ONE.v } } U.ONE = new U(0); const make = (k) => { U.ONE.v = k; return new U(1) };'),
  hidden('data on the prototype', 'class U BASE { v = 1; read() { return this.k } } const make = (k) => { U.prototype.k = k; return new U() };'),
  hidden('data on the prototype of a base', 'class B { v = 1 } class U extends B { w = 1; read() { return this.k } } const make = (k) => { B.prototype.k = k; return new U() };'),
  hidden('data under a symbol on the prototype', 'class U BASE { v = 1; read() { return this[Symbol.for("k")] } } const make = (k) => { U.prototype[Symbol.for("k")] = k; return new U() };'),
  hidden('method laid over the prototype', 'class U BASE { v = 1; read() { return 0 } } const make = (k) => { U.prototype.read = new Function(`return ${k}`); return new U() };'),
  hidden('closure laid over the prototype', 'class U BASE { v = 1; read() { return 0 } } const make = (k) => { U.prototype.read = () => k; return new U() };'),
  hidden('bound function laid over the prototype', 'class U BASE { v = 1 } const make = (k) => { U.prototype.read = (function () { return this.k }).bind({ k }); return new U() };'),
  hidden('accessor laid over the prototype', 'class U BASE { v = 1; read() { return this.k } } const make = (k) => { Object.defineProperty(U.prototype, "k", { get: () => k, configurable: true }); return new U() };'),
  hidden('method with members', 'class U BASE { v = 1; read() { return this.read.k } } const make = (k) => { U.prototype.read.k = k; return new U() };'),
  hidden('another prototype object', 'function U() { this.v = 1 } const make = (k) => { U.prototype = { read() { return k } }; return new U() };'),
  hidden('Object.create', 'const make = (k) => Object.create({ k }), read = (o) => o.k;'),
  hidden('Object.create with members', 'const make = (k) => Object.assign(Object.create({ k }), { v: 1 }), read = (o) => o.k;'),
  hidden('Object.create of a bare prototype', 'const make = (k) => Object.assign(Object.create(Object.assign(Object.create(null), { k })), { v: 1 }), read = (o) => o.k;'),
  hidden('prototype that was set', 'class U { v = 1 } const make = (k) => Object.setPrototypeOf(new U(), { k, constructor: U }), read = (o) => o.k;'),
  hidden('prototype under a Map', 'const make = (k) => Object.setPrototypeOf(new Map(), Object.assign(Object.create(Map.prototype), { k })), read = (o) => o.k;'),
  hidden('prototype under an array', 'const make = (k) => Object.setPrototypeOf([1], Object.assign(Object.create(Array.prototype), { k })), read = (o) => o.k;'),
  hidden('prototype of the class itself', 'class U { v = 1; read() { return this.constructor.k } } const make = (k) => { Object.setPrototypeOf(U, { k, __proto__: Function.prototype }); return new U() };'),
  hidden('member that is not enumerable', 'class U BASE { v = 1; constructor(k) { SUPER Object.defineProperty(this, "k", { value: k }) } read() { return this.k } } const make = (k) => new U(k);'),
  hidden('member with a symbol', 'const s = Symbol("k"); class U BASE { v = 1; constructor(k) { SUPER this[s] = k } read() { return this[s] } } const make = (k) => new U(k);'),
  hidden('hidden member with a symbol', 'class U BASE { v = 1; constructor(k) { SUPER Object.defineProperty(this, Symbol.for("k"), { value: k }) } read() { return this[Symbol.for("k")] } } const make = (k) => new U(k);'),
  hidden('accessor of the instance', 'class U BASE { v = 1; constructor(k) { SUPER Object.defineProperty(this, "k", { get: () => (this.n = (this.n ?? 0) + k), enumerable: true }) } } const make = (k) => new U(k), read = (o) => o.k;'),
  hidden('nothing to see', 'const ks = new WeakMap(); class U BASE { constructor(k) { SUPER ks.set(this, k) } read() { return ks.get(this) } } const make = (k) => new U(k);'),
  hidden('pointer', 'const memory = new Map(); class U BASE { constructor(k) { SUPER this.__wbg_ptr = 8; memory.set(8, k) } read() { return memory.get(this.__wbg_ptr) } } const make = (k) => new U(k);'),
  hidden('class with a proxy for its constructor', 'class B { v = 1; read() { return this.constructor.k } } const make = (k) => { const U = new Proxy(B, { get: (t, name) => (name === "k" ? k : t[name]) }); B.prototype.constructor = U; return new U() };'),
];

/** What may be around: nothing of it tells the two apart. */
export interface Decoration {
  readonly base: string;
  readonly extra: string;
  readonly around: string;
}

export const bases = ['', 'extends class { tag = "b" }', 'extends class B { constructor() { this.tag = [1] } hello() { return this.tag } }'];
export const extras = ['', 'o.extra = 1;', 'o.extra = [new Date(0), { a: 1 }];', 'Object.preventExtensions(o);', 'Object.freeze(o);'];
export const arounds = [
  'o',
  '[o]',
  '{ a: { b: o } }',
  'new Map([["k", o]])',
  'new Set([1, { o }])',
  '[o, o]',
  'Object.assign(new Error("x"), { o })',
  'new (class Holder { constructor(o) { this.held = o } })(o)',
];

/** An object in its surroundings, and what a function would read of it. */
export interface Program {
  make(k: number): { readonly argument: unknown; readonly answer: () => unknown };
}

/** Evaluates a program, as a page does when it loads. What cannot be frozen, or does not take a member, is left as it is. */
export function load({ source }: Kind, { base, extra, around }: Decoration): Program {
  const text = source.replaceAll('BASE', base).replaceAll('SUPER', base === '' ? '' : 'super();');
  const body = `${text}; const look = typeof read === 'function' ? read : (o) => o.read();
    return { make(k) { const o = make(k); try { ${extra} } catch {} return { argument: ${around}, answer: () => look(o) } } };`;
  // Both are written above: what the text returns is a Program.
  return new Function(body)() as Program;
}
