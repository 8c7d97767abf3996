import { REGISTRY_NAME } from '../fingerprint/fingerprint.ts';
import type { ToldModule } from './graph/tell-module.ts';

/**
 * The text that tells the page of a module's state and code. It is written into modules, so it is short and needs nothing.
 * `r` is the registry. `v` notes the functions that a value holds under the name `k`: getters of objects are not run, and
 * 10,000 objects are enough to look at. `c` registers a cell, `d` the code of a function that may not be there yet.
 */
const registry = `globalThis[Symbol.for(${JSON.stringify(REGISTRY_NAME)})]??={cells:new Map,code:new WeakMap,loaded:new WeakMap}`;
const note =
  'v=(k,o)=>{let n=0,s=new Set,w=o=>{if(!o||typeof o!="object"&&typeof o!="function"||s.has(o)||s.size>1e4||ArrayBuffer.isView(o))return;s.add(o);if(typeof o=="function"&&!r.loaded.has(o))r.loaded.set(o,k+"~"+n++);if(Array.isArray(o)){o.forEach(w);return}if(o instanceof Map||o instanceof Set)try{o.forEach((a,b)=>{w(a);w(b)})}catch{}for(let p of Reflect.ownKeys(o)){let d=Reflect.getOwnPropertyDescriptor(o,p);if(d){w(d.value);w(d.get);w(d.set)}}};try{w(o)}catch{}}';
const cell = 'c=(k,g)=>{r.cells.set(k,{read:g});try{v(k,g())}catch{}}';
const code = 'd=(t,g)=>{try{let f=g();r.code.set(f,t);if(typeof f=="function")v(t,f)}catch{}}';

/** The function that notes the code of an expression, and gives it back. */
export const wrapper = '$keepsake$code';
/** The function that makes a cell of an expression without a name. */
export const holder = '$keepsake$cell';

/** The statement that ends a module which has state or code to tell of, on one line; undefined for one without. */
export function registration({ cells, codes, nameless }: ToldModule): string | undefined {
  const named = codes.flatMap(({ code: { name }, text }) =>
    name === undefined ? [] : [`d(${JSON.stringify(text)},()=>${name})`],
  );
  if (cells.length + codes.length === 0 && !nameless) return undefined;
  const calls = [...named, ...cells.map(([key, name]) => `c(${JSON.stringify(key)},()=>${name})`)];
  const told = calls.length > 0 ? `;(r=>{let ${note},${cell},${code};${calls.join(';')}})(${registry});` : '';
  // Function declarations, because statements above call them.
  const inline =
    named.length < codes.length ? `function ${wrapper}(f,t){(${registry}).code.set(f,t);return f}` : '';
  const holding = nameless
    ? `function ${holder}(k,o){let r=${registry},${note};r.cells.set(k,{read:()=>o});v(k,o);return o}`
    : '';
  return told + inline + holding;
}
