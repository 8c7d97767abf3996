import { REGISTRY_NAME } from '../fingerprint/fingerprint.ts';
import type { ToldModule } from './graph/tell-module.ts';
import { DEFAULT_NAME } from './summary/split-module.ts';

/**
 * The text that tells the page of a module's state and code. It is written into modules, so it is short, needs nothing, and
 * uses no name that the module may have for something else: what it is given stands outside of its function. `r` is the
 * registry. `v` notes the functions that a value holds under the name `k`: getters are not run but those of module namespaces, and 10,000
 * objects are enough to look at.
 */
const registry = `(R=>R[R.Symbol.for(${JSON.stringify(REGISTRY_NAME)})]??={cells:new R.Map,code:new R.WeakMap,loaded:new R.WeakMap})(globalThis)`;
const note =
  'R=globalThis,v=(k,o)=>{let n=0,s=new R.Set,w=o=>{if(!o||typeof o!="object"&&typeof o!="function"||s.has(o)||s.size>1e4||R.ArrayBuffer.isView(o))return;s.add(o);if(typeof o=="function"&&!r.loaded.has(o))r.loaded.set(o,k+"~"+n++);if(R.Array.isArray(o)){o.forEach(w);return}if(o instanceof R.Map||o instanceof R.Set)try{o.forEach((a,b)=>{w(a);w(b)})}catch{}let g=R.Reflect.getOwnPropertyDescriptor,q=R.Reflect.ownKeys(o),m=g(o,R.Symbol.toStringTag)?.value=="Module"||q.every(p=>{let d=g(o,p);return d?.get&&!d.configurable});for(let p of q){let d=g(o,p);if(m)try{w(o[p])}catch{}else if(d){w(d.value);w(d.get);w(d.set)}}};try{w(o)}catch{}}';
/** Registers the code of functions that may not be there yet, then cells. */
const tell = `(r,d,c)=>{let ${note};for(let[t,g]of d)try{let f=g();r.code.set(f,t);v(t,f)}catch{}for(let[k,g]of c){r.cells.set(k,{read:g});try{v(k,g())}catch{}}}`;

/** The function that notes the code of an expression, and gives it back. */
export const wrapper = '$keepsake$code';
/** The function that makes a cell of an expression without a name. */
export const holder = '$keepsake$cell';
/** The name of a default export that is declared without one; the program still reads "default". */
export const defaultName = '$keepsake$default';

/** The statement that ends a module which has state or code to tell of, on one line; undefined for one without. */
export function registration({ cells, codes, nameless }: ToldModule): string | undefined {
  const named = codes.flatMap(({ code: { name }, text }) => (name === undefined ? [] : [pair(text, name)]));
  if (cells.length + codes.length === 0 && !nameless) return undefined;
  const own = cells.map(([key, name]) => pair(key, name));
  const told = named.length + own.length > 0 ? `;(${tell})(${registry},[${named}],[${own}]);` : '';
  // Function declarations, because statements above call them.
  const inline =
    named.length < codes.length ? `function ${wrapper}(f,t){${registry}.code.set(f,t);return f}` : '';
  const isNamed = nameless?.nameAt !== undefined;
  const naming = isNamed
    ? `;if(${defaultName}.name===${JSON.stringify(defaultName)})globalThis.Object.defineProperty(${defaultName},"name",{value:"default",configurable:true});`
    : '';
  const holding =
    nameless && !isNamed
      ? `function ${holder}(k,o){let r=${registry},${note};r.cells.set(k,{read:()=>o});v(k,o);return o}`
      : '';
  return naming + told + inline + holding;
}

const pair = (text: string, name: string): string =>
  `[${JSON.stringify(text)},()=>${name === DEFAULT_NAME ? defaultName : name}]`;
