/** Words for what cannot be hashed or stored. */
import { classOfObject } from './classes.ts';

const withArticle = (noun: string): string => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;

function nameOfObject(value: object): string {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (ArrayBuffer.isView(value)) return `${tag} over shared memory, which other threads may change,`;
  if (tag === 'SharedArrayBuffer') return 'SharedArrayBuffer, which other threads may change,';
  const facts = classOfObject(value);
  return tag === 'Object' || tag === 'Error' ? facts?.name || 'object' : tag;
}

/** 'a function', 'a Promise', 'an instance of Foo, which extends Map,' and so on. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return value.name ? `the function "${value.name}"` : 'a function';
  if (typeof value !== 'object' || value === null) return withArticle(typeof value);
  const facts = classOfObject(value);
  if (facts?.hasPrivateFields) return `an instance of ${facts.name}, which has private fields,`;
  if (facts && facts.written.length > 0 && facts.extendsBuiltIn) {
    return `an instance of ${facts.name}, which extends ${facts.extendsBuiltIn},`;
  }
  if (facts?.kind === 'instance') return `an instance of ${facts.name || 'a class without a name'}`;
  return withArticle(nameOfObject(value));
}
