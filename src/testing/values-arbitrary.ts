/** Random values of every kind that can be both hashed and stored. For tests, in Node and in browsers. */
import fc from 'fast-check';

const codeUnits = fc
  .array(fc.oneof(fc.integer({ min: 0x61, max: 0x63 }), fc.integer({ min: 0, max: 0xffff })), {
    maxLength: 6,
  })
  .map((units) => String.fromCharCode(...units));

/** Text with lone surrogates now and then; often short and repeated. */
export const text = fc.oneof(fc.constantFrom('', 'a', 'b', 'ab'), codeUnits, fc.string({ unit: 'grapheme' }));

/** Member names, the treacherous ones included. */
export const memberName = fc.oneof(
  fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString', 'length', '0', '1', 'odd name'),
  text,
);

/** Primitives from a small range, so that equal ones are met. */
export const primitive = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, 0, -0, 1, 2, Number.NaN, 0n, 1n, -1n, '', 'a'),
  fc.integer(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  text,
);

const typedArrayClasses = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];

/** Views of every class, mostly over a part of their buffer. */
export const typedArray = fc
  .tuple(fc.constantFrom(...typedArrayClasses), fc.uint8Array({ maxLength: 6 }), fc.nat(2), fc.nat(2))
  .map(([TypedArray, content, before, after]) => {
    const size = TypedArray.BYTES_PER_ELEMENT;
    const buffer = new ArrayBuffer((before + content.length + after) * size);
    new Uint8Array(buffer).fill(0x3f).set(content, before * size);
    return new TypedArray(buffer, before * size, content.length);
  });

const memory = fc
  .tuple(fc.uint8Array({ maxLength: 8 }), fc.constantFrom('buffer', 'resizable', 'view'))
  .map(([content, form]) => {
    if (form === 'buffer') return content.slice().buffer;
    if (form === 'view') return new DataView(content.slice().buffer, content.length >> 1);
    const buffer = new ArrayBuffer(content.length, { maxByteLength: content.length * 2 });
    new Uint8Array(buffer).set(content);
    return buffer;
  });

const errorClasses = [Error, TypeError, RangeError, SyntaxError];
const simpleError = fc
  .tuple(fc.constantFrom(...errorClasses), text)
  .map(([ErrorClass, message]) => new ErrorClass(message));

/** Objects without members to walk. */
export const leaf = fc.oneof(
  fc
    .constantFrom<() => object>(
      () => Object(1),
      () => Object('a'),
      () => Object(true),
      () => Object(1n),
      () => new Date(0),
      () => new Date(Number.NaN),
      () => /a/,
      () => /a/gi,
      () => new URL('https://example.org/'),
      () => new URLSearchParams('a=1'),
      () => new DOMException('message', 'DataError'),
    )
    .map((make) => make()),
  typedArray,
  memory,
  simpleError,
);

/** Defines the members, so that even `__proto__` is an ordinary name. */
const toObject = (entries: readonly (readonly [string, unknown])[], prototype: object | null): object => {
  const object = Object.create(prototype);
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
};

function withHoles(
  elements: readonly unknown[],
  holes: readonly number[],
  names: readonly string[],
): unknown[] {
  const array = [...elements];
  for (const index of holes) {
    if (index < array.length) delete array[index];
    else array.length = index;
  }
  for (const name of names)
    if (!/^(?:\d+|length)$/.test(name)) Object.assign(array, toObject([[name, name]], null));
  return array;
}

/** How a value is put together. */
export interface ValueShape {
  /** Objects that point back to themselves. */
  readonly cycles?: boolean;
  /** Containers inside containers, at most. */
  readonly depth?: number;
  /** From few small parts, so that two values are often equal, or nearly. */
  readonly isTiny?: boolean;
}

const tinyPrimitive = fc.constantFrom<unknown>(undefined, null, 0, -0, 1, Number.NaN, 1n, '1');
const tinyLeaf = fc
  .constantFrom(
    () => new Uint8Array(1),
    () => new Int8Array(1),
    () => new ArrayBuffer(1),
    () => new Date(0),
    () => Object(1),
    () => /1/,
  )
  .map((make): object => make());

function cyclic(object: Record<string, unknown>): object {
  return Object.assign(object, { again: [object] });
}

/** Any value. */
export function anyValue({
  cycles = false,
  depth = 4,
  isTiny = false,
}: ValueShape = {}): fc.Arbitrary<unknown> {
  const { value } = fc.letrec<{ value: unknown }>((tie) => {
    const maxLength = isTiny ? 2 : 4;
    const name = isTiny ? fc.constantFrom('a', 'b', '__proto__') : memberName;
    const values = fc.array(tie('value'), { maxLength });
    const members = fc.uniqueArray(fc.tuple(name, tie('value')), { maxLength, selector: ([each]) => each });
    const containers = [
      values,
      fc
        .tuple(values, fc.array(fc.nat(6), { maxLength: 2 }), fc.array(name, { maxLength: 1 }))
        .map((parts) => withHoles(...parts)),
      members.map((entries) => toObject(entries, Object.prototype)),
      members.map((entries) => toObject(entries, null)),
      fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
      values.map((items) => new Set(items)),
      fc
        .tuple(isTiny ? fc.constant('') : text, tie('value'))
        .map(([message, cause]) => new Error(message, { cause })),
      values.map((errors) => new AggregateError(errors, 'several')),
      tie('value').map((shared) => [shared, { shared }]),
      fc.array(fc.integer(), { maxLength: 20 }),
      ...(cycles ? [fc.record({ inside: tie('value') }).map(cyclic)] : []),
    ];
    return {
      value: fc.oneof(
        { maxDepth: depth, depthSize: 'small' },
        ...(isTiny ? [tinyPrimitive, tinyLeaf] : [primitive, leaf]),
        ...containers,
      ),
    };
  });
  return value;
}
