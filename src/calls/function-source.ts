/** The source of a function or class, and what may be asked of it before the part that reads code is here. */
import { arrowParameters } from './parameters.ts';

/** Any function or class: it is only looked at, never called. */
export type Code = (...args: never[]) => unknown;

const native = /\{\s*\[native code\]\s*\}\s*$/;
const texts = new WeakMap<Code, string>();

/** The source; '' for what the engine made: built-in and bound functions, and proxies of functions. */
export function sourceOf(code: Code): string {
  const known = texts.get(code);
  if (known !== undefined) return known;
  const text = Function.prototype.toString.call(code);
  const source = native.test(text) ? '' : text;
  texts.set(code, source);
  return source;
}

export const isArrow = (source: string): boolean => arrowParameters(source) !== undefined;

/** Whether a function may read a `this` that its caller gives. */
export function readsReceiver(code: Code): boolean {
  const source = sourceOf(code);
  return source === '' || (/\b(?:this|super|eval)\b/.test(source) && !isArrow(source));
}

const methods = new WeakMap<Code, Code>();

/** The method under a cached one, which its class shows. */
export function setMethod(cached: Code, method: Code): void {
  methods.set(cached, method);
}

export const methodUnder = (code: Code): Code => methods.get(code) ?? code;
