import { REGISTRY_NAME } from '../fingerprint/fingerprint.ts';
import type { AnalysedCode } from './graph/analyser.ts';
import { changes } from './summary/changes.ts';
import type { Item, ModuleSummary } from './summary/module-summary.ts';

/**
 * The text that tells the page of a module's state and code. It is written into modules, so it is short and needs nothing.
 * `r` is the registry. `v` notes the functions that a value holds under the name `k`: getters of objects are not run, and
 * 10,000 objects are enough to look at. `c` registers a cell, `d` the code of a function that may not be there yet.
 */
const registry = `globalThis[Symbol.for(${JSON.stringify(REGISTRY_NAME)})]??={cells:new Map,code:new WeakMap,loaded:new WeakMap}`;
const note =
  'v=(k,o)=>{let n=0,s=new Set,w=o=>{if(!o||typeof o!="object"&&typeof o!="function"||s.has(o)||s.size>1e4||ArrayBuffer.isView(o))return;s.add(o);if(typeof o=="function"&&!r.loaded.has(o))r.loaded.set(o,k+"~"+n++);if(Array.isArray(o)){o.forEach(w);return}if(o instanceof Map||o instanceof Set)o.forEach((a,b)=>{w(a);w(b)});for(let p of Reflect.ownKeys(o)){let d=Reflect.getOwnPropertyDescriptor(o,p);if(d){w(d.value);w(d.get);w(d.set)}}};try{w(o)}catch{}}';
const cell = 'c=(k,g)=>{r.cells.set(k,{read:g});try{v(k,g())}catch{}}';
const code = 'd=(t,g)=>{try{let f=g();r.code.set(f,t);if(typeof f=="function")v(t,f)}catch{}}';

/** The function that notes the code of an expression, and gives it back. */
export const wrapper = '$keepsake$code';
/** The function that makes a cell of an expression without a name. */
export const holder = '$keepsake$cell';

/** The statement that ends a module which has state or code to tell of, on one line; undefined for one without. */
export function registration(
  cells: readonly string[],
  codes: readonly AnalysedCode[],
  hasDefault: boolean,
): string | undefined {
  const named = codes.flatMap(({ code: { name }, text }) =>
    name === undefined ? [] : [`d(${JSON.stringify(text)},()=>${name})`],
  );
  if (cells.length + codes.length === 0 && !hasDefault) return undefined;
  const calls = [...named, ...cells];
  const told = calls.length > 0 ? `;(r=>{let ${note},${cell},${code};${calls.join(';')}})(${registry});` : '';
  // Function declarations, because statements above call them.
  const inline =
    named.length < codes.length ? `function ${wrapper}(f,t){(${registry}).code.set(f,t);return f}` : '';
  const nameless = hasDefault
    ? `function ${holder}(k,o){let r=${registry},${note};r.cells.set(k,{read:()=>o});v(k,o);return o}`
    : '';
  return told + inline + nameless;
}

/** The calls that register a module's state. */
export function cellCalls(label: string, summary: ModuleSummary): string[] {
  if (summary.isCommonJs || summary.error !== undefined) return [];
  const open = openNames(summary);
  const names = summary.items.flatMap((item) =>
    isState(item)
      ? item.names.filter((name) => isIdentifier(name) && (isExportedObject(item) || open.has(name)))
      : [],
  );
  return [...new Set(names)].map((name) => `c(${JSON.stringify(`${label}#${name}`)},()=>${name})`);
}

const isIdentifier = (name: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);

/** Whether a declaration may hold something else at a call than its code says; which of them do, the walk decides. */
export const isState = (item: Item): boolean =>
  !item.isCached && !item.isFrozen && !item.isIgnored && item.traits.holds !== 'nothing';

/** Modules that nobody has seen may change what a module exports, except for its name. */
const isExportedObject = ({ kind, traits }: Item): boolean =>
  traits.isExported && (kind === 'value' || traits.holds === 'code');

/** Names that code of the module may change, or hands to code that may. */
function openNames({ items, symbols }: ModuleSummary): ReadonlySet<string> {
  const open = new Set<string>();
  for (const { uses } of items) {
    for (const use of uses) {
      const name = typeof use.of !== 'string' && use.of.kind === 'local' ? use.of.name : '';
      const declaring = Object.hasOwn(symbols, name) ? (symbols[name] ?? []) : [];
      if (declaring.some((index) => items[index] && changes(use, items[index]))) open.add(name);
    }
  }
  return open;
}
