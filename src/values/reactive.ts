/** Wrappers of libraries that watch a Map or a Set: not a Map to the engine, but one to whoever reads it. */

const tagOf = (value: object): string => Object.prototype.toString.call(value);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What Vue's reactive() was given, of its proxies. */
export function rawOf(value: object): object | undefined {
  const raw: unknown = Reflect.get(value, '__v_raw');
  return isObject(raw) && raw !== value ? raw : undefined;
}

/** MobX keeps what it knows of an observable under this symbol. */
const isObservable = (value: object): boolean =>
  Object.getOwnPropertySymbols(value).some((symbol) => symbol.description === 'mobx administration');

/** The Map or Set behind a wrapper of Vue's or MobX's; undefined for anything else. */
export function unwrapped(value: object): object | undefined {
  const raw = rawOf(value);
  if (raw || !isObservable(value)) return raw;
  const tag = tagOf(value);
  // The tags are those of MobX's own classes, which are iterable as their namesakes are.
  if (tag === '[object Map]') return new Map(value as Iterable<[unknown, unknown]>);
  return tag === '[object Set]' ? new Set(value as Iterable<unknown>) : undefined;
}
