/**
 * Classes of instances in keys. Names alone do not do: two minified classes may share one, and the methods of an argument
 * take part in what a function computes. Neither does code alone: members may have been laid over it since.
 */
import { type ClassLevel, type ClassMember, classLevels, describe, knownLibrary } from '../values/values.ts';
import { CanonicalWalk } from './canonical-walk.ts';
import type { ClassBook, Walk } from './walk.ts';

/** Stands for a class inside of what belongs to itself: a static instance. */
const ITSELF = 'the class that this belongs to';

const keyText = (key: PropertyKey): string =>
  typeof key === 'symbol' ? `@@${key.description}` : String(key);

/** Digests of the classes that are met while one value is walked. */
export class ClassTokens implements ClassBook {
  readonly #tokens = new Map<object, string>();

  of(value: object, walk: Walk): string {
    const prototype: object = Object.getPrototypeOf(value);
    const known = this.#tokens.get(prototype);
    if (known !== undefined) return known;
    this.#tokens.set(prototype, ITSELF);
    const { stream } = walk;
    const outer = stream.park();
    for (const level of classLevels(prototype)) this.#write(level, value, walk);
    const token = stream.digest();
    stream.resume(outer);
    this.#tokens.set(prototype, token);
    return token;
  }

  #write({ name, code, members }: ClassLevel, value: object, walk: Walk): void {
    this.#code([code], value, walk);
    walk.stream.text(name);
    const [ofPrototype, ofClass] = members;
    this.#members(ofPrototype, value, { walk, path: '.constructor.prototype' });
    this.#members(ofClass, value, { walk, path: '.constructor' });
  }

  #code(code: ClassMember['code'], value: object, walk: Walk): void {
    walk.stream.count(code.length);
    for (const each of code) {
      if ('refusal' in each) walk.refuse(`${describe(value)}, ${each.refusal},`, knownLibrary(value));
      walk.stream.text(each.text);
    }
  }

  #members(
    members: readonly ClassMember[],
    value: object,
    { walk, path }: { walk: Walk; path: string },
  ): void {
    const { stream, context } = walk;
    stream.count(members.length);
    for (const { key, code, value: data } of [...members].sort(byKey)) {
      stream.text(keyText(key));
      this.#code(code, value, walk);
      if (code.length > 0) continue;
      const root = `${walk.path()}${path}.${keyText(key)}`;
      new CanonicalWalk(stream, context.within(root)).run(data);
    }
  }
}

function byKey(a: ClassMember, b: ClassMember): number {
  const [left, right] = [keyText(a.key), keyText(b.key)];
  return left < right ? -1 : left > right ? 1 : 0;
}
