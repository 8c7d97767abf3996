import { beforeAll, describe, expect, test } from 'vitest';
import { UnhashableArgumentError } from '../errors/errors.ts';
import { codeRegistry } from '../fingerprint/fingerprint.ts';
import { type KeyHasher, loadRareKinds, openKeyHasher } from './keys.ts';

let hasher: KeyHasher;
const digest = (value: unknown): string => String(hasher.digest([value]));

beforeAll(async () => {
  hasher = await openKeyHasher('xxh128');
  await loadRareKinds();
});

type Class = new (...args: unknown[]) => object;
/** A class of a text that no compiler touches. */
const classOf = (source: string): Class => new Function(`return (${source})`)() as Class; // the texts below are classes

/** As the build plugin does when a module has loaded. */
function withFingerprint(made: Class, fingerprint: string): Class {
  codeRegistry().code.set(made, fingerprint);
  return made;
}

describe('a class that the build plugin knows', () => {
  const long = 'class Vector { constructor(x) { this.x = x; } length() { return scale * this.x; } }';
  const short = 'class a{constructor(t){this.x=t}length(){return b*this.x}}';

  test('has one key in minified and unminified builds, and may use what is around it', () => {
    const [dev, built] = [long, short].map((source) => withFingerprint(classOf(source), 'vector'));
    expect(digest(new dev!(1))).toBe(digest(new built!(1)));
    expect(digest(new dev!(1))).not.toBe(digest(new built!(2)));
  });

  test('is another one with another fingerprint, at any level', () => {
    const one = new (withFingerprint(classOf(long), 'vector 1'))(1);
    const other = new (withFingerprint(classOf(long), 'vector 2'))(1);
    expect(digest(one)).not.toBe(digest(other));
    const derived = (fingerprint: string): object => {
      const Base = withFingerprint(classOf(long), fingerprint);
      const Derived = new Function('Base', 'return class Derived extends Base { y = 1 }')(Base) as Class; // see the text
      return new (withFingerprint(Derived, 'derived'))(1);
    };
    expect(digest(derived('vector 1'))).toBe(digest(derived('vector 1')));
    expect(digest(derived('vector 1'))).not.toBe(digest(derived('vector 2')));
  });

  test('counts with what was laid over it since', () => {
    const Made = withFingerprint(classOf(long), 'vector 3');
    const before = digest(new Made(1));
    Object.assign(Made, { unit: 2 });
    const withStatic = digest(new Made(1));
    Object.defineProperty(Made.prototype, 'length', {
      value: classOf('class B { length() { return 7; } }').prototype.length,
    });
    expect(new Set([before, withStatic, digest(new Made(1))]).size).toBe(3);
  });

  test.each([
    'class U { v = 1; #k = 1; get() { return this.#k; } }',
    'class U { v = 1; constructor(k) { privateAdd(this, store, k); } }',
    'class U{v=1;constructor(t){a.set(this,t)}}',
    'class U { v = 1; constructor(k) { map.set(this, { k }); } }',
    'class U { v = 1; static of = new WeakMap(); }',
  ])('is refused where it may keep something elsewhere: %s', (source) => {
    const Made = withFingerprint(
      new Function('privateAdd', 'store', 'a', 'map', `return (${source})`)(
        () => 0,
        0,
        new WeakMap(),
        new WeakMap(),
      ) as Class, // see the texts
      'hiding',
    );
    expect(() => digest(new Made(1))).toThrow(UnhashableArgumentError);
  });
});

describe('refusals of instances', () => {
  const refused: [string, () => object, string][] = [
    [
      'a captured name',
      () => new (classOf('class U { v = 1; get() { return k; } }'))(),
      'an instance of U, whose class uses "k" from outside',
    ],
    [
      'private fields',
      () => new (classOf('class U { #k = 1; v = 1 }'))(),
      'an instance of U, which has private fields',
    ],
    ['no member', () => new (classOf('class U {}'))(), 'an instance of U, which has no member'],
    [
      'an accessor',
      () =>
        Object.defineProperty(new (classOf('class U { v = 1 }'))(), 'k', { get: () => 1, enumerable: true }),
      'whose member "k" is computed',
    ],
    [
      'a hidden member',
      () => Object.defineProperty(new (classOf('class U { v = 1 }'))(), 'k', { value: 1 }),
      'whose member "k" is not enumerable',
    ],
    ['an unknown prototype', () => Object.create({ k: 1 }), 'whose prototype no class made'],
    [
      'a pointer',
      () => Object.assign(new (classOf('class U {}'))(), { __wbg_ptr: 8 }),
      'whose member "__wbg_ptr" only points',
    ],
    [
      'a static that cannot be hashed',
      () => new (classOf('class U { v = 1; static later = Promise.resolve() }'))(),
      'arguments[0].o.constructor.later',
    ],
    ['a symbol', () => Object.assign(new Map(), { [Symbol('s')]: 1 }), 'a member with a symbol'],
  ];
  test.each(refused)('%s is named, with codecs as a cure', (_, make, words) => {
    expect(() => digest({ o: make() })).toThrow(words);
    expect(() => digest({ o: make() })).toThrow(/^Cannot hash arguments\[0\]\.o.*"codecs" option/);
  });

  test('ignore takes a member out, of an instance too', () => {
    const Made = classOf('class Box { constructor(id) { this.id = id; this.width = 3; } }');
    const key = (id: number) => hasher.callKey({ identity: 'f', args: [new Made(id)] }, { ignore });
    const ignore = [[0, 'id']] as const;
    expect(key(1)).toBe(key(2));
  });
});

test('digest() of an object with members that lead back to it ends', () => {
  const make = (): Map<string, unknown> => {
    const map = new Map<string, unknown>();
    map.set('self', map);
    return Object.assign(map, { self: map, list: [map] });
  };
  expect(digest(make())).toBe(digest(make()));
});

test('digest() of a class with instances of itself as statics ends', () => {
  const make = (): object => {
    const Made = classOf('class Vector { constructor(x) { this.x = x; } }');
    Object.assign(Made, { ZERO: new Made(0), ONE: new Made(1) });
    return new Made(2);
  };
  expect(digest(make())).toBe(digest(make()));
});
