import { REGISTRY_NAME } from '../fingerprint/fingerprint.ts';
import type { AnalysedCode } from './graph/analyser.ts';
import { changes } from './summary/changes.ts';
import type { Item, ModuleSummary } from './summary/module-summary.ts';

/**
 * Registers a cell and notes the functions that it holds. Written into modules, so it is short and needs nothing: `r` is
 * the registry, `k` a cell's name, `g` its getter. Getters of objects are not run; 10,000 objects are enough to look at.
 */
const register =
  '(k,g)=>{r.cells.set(k,{read:g});let n=0,s=new Set,v=o=>{if(!o||typeof o!="object"&&typeof o!="function"||s.has(o)||s.size>1e4||ArrayBuffer.isView(o))return;s.add(o);if(typeof o=="function"&&!r.loaded.has(o))r.loaded.set(o,k+"~"+n++);if(Array.isArray(o)){o.forEach(v);return}if(o instanceof Map||o instanceof Set)o.forEach((a,b)=>{v(a);v(b)});for(let p of Reflect.ownKeys(o)){let d=Reflect.getOwnPropertyDescriptor(o,p);if(d){v(d.value);v(d.get);v(d.set)}}};try{v(g())}catch{}}';

const registry = `globalThis[Symbol.for(${JSON.stringify(REGISTRY_NAME)})]??={cells:new Map,code:new WeakMap,loaded:new WeakMap}`;

/** The statement that ends a module which has state or code to tell of, on one line; undefined for one without. */
export function registration(cells: readonly string[], codes: readonly AnalysedCode[]): string | undefined {
  const named = codes.flatMap(({ code, text }) =>
    code.name === undefined ? [] : [`r.code.set(${code.name},${JSON.stringify(text)})`],
  );
  const hasInline = named.length < codes.length;
  if (cells.length + codes.length === 0) return undefined;
  const statements = [...named, ...(cells.length > 0 ? [`let c=${register}`, ...cells] : [])];
  const told = statements.length > 0 ? `;(r=>{${statements.join(';')}})(${registry});` : '';
  // A function declaration, because the statements above it call it.
  return hasInline ? `${told}function ${wrapper}(f,c){(${registry}).code.set(f,c);return f}` : told;
}

/** The function that notes the code of an expression, and gives it back. */
export const wrapper = '$keepsake$code';

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
const isState = (item: Item): boolean =>
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
