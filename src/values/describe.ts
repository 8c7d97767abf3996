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
  if (typeof value !== 'object' || value === null) {
    // The name may be anything: a proxy answers for it.
    const name: unknown = typeof value === 'function' ? Reflect.get(value, 'name') : '';
    return typeof name === 'string' && name !== '' ? `the function "${name}"` : withArticle(typeof value);
  }
  const facts = classOfObject(value);
  const name = facts?.name || 'a class without a name';
  if (facts?.isWritten && facts.extendsBuiltIn)
    return `an instance of ${name}, which extends ${facts.extendsBuiltIn},`;
  return facts?.kind === 'instance' ? `an instance of ${name}` : withArticle(nameOfObject(value));
}
