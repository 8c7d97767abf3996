/** Codec for three.js: numbers and shapes, attributes, geometries, and textures made of data. */
import type { Codec } from '../values/values.ts';
import { type AnyClass, has, levelsTo, pick, refuse } from './structure.ts';

/** The module, or as much of it as the values need. */
export type Three = object;

// biome-ignore lint/suspicious/noExplicitAny: objects of a library that this package does not depend on
type ThreeObject = any;

interface Plain {
  readonly type: string;
  readonly fields: unknown;
}

/** What makes an object of each kind: how it is known, and how its content is read and set. */
interface Kind {
  /** A method of the class that the kind begins with: how many classes extend that one tells which of them it is. */
  readonly base: string;
  readonly is: (value: ThreeObject) => boolean;
  readonly fields: (value: ThreeObject) => unknown;
  readonly set: (made: ThreeObject, fields: ThreeObject) => void;
  /** Without what says when it was made, or was computed from the rest. */
  readonly hash?: (value: ThreeObject) => unknown;
}

/** Vectors, colours and others that are a list of numbers. */
const list = (name: string): [string, Kind] => [
  name,
  {
    base: 'toArray',
    is: (value) => has(value, `is${name}`),
    fields: (value) => value.toArray(),
    set: (made, fields) => made.fromArray(fields),
  },
];

const onlyHas = (value: object, names: readonly string[]): boolean => {
  const own = Object.keys(value).filter((name) => !name.startsWith('is'));
  return own.length === names.length && names.every((name) => own.includes(name));
};

/** Boxes, planes and others that are a few members of the kinds above. */
const shape = (name: string, names: readonly string[], base: string): [string, Kind] => [
  name,
  {
    base,
    is: (value) => onlyHas(value, names) && base in value,
    fields: (value) => pick(value, names),
    set: (made, fields) => Object.assign(made, fields),
  },
];

const attributeNames = ['itemSize', 'normalized', 'usage', 'gpuType', 'name', 'meshPerAttribute'];

/** 'Float32BufferAttribute' and so on add nothing to their class but a type of array. */
function attributeType(value: ThreeObject): string {
  if (value.isInstancedBufferAttribute) return 'InstancedBufferAttribute';
  if (value.isFloat16BufferAttribute) return 'Float16BufferAttribute';
  const array = Object.prototype.toString.call(value.array).slice(8, -'Array]'.length);
  return levelsTo(value, 'copyArray') === 0 ? 'BufferAttribute' : `${array}BufferAttribute`;
}

const geometryNames = [
  'name',
  'groups',
  'drawRange',
  'userData',
  'morphTargetsRelative',
  'parameters',
  'instanceCount',
];

const geometryFields = (value: ThreeObject) => ({
  ...pick(value, geometryNames),
  ...{ index: value.index, attributes: value.attributes, morphAttributes: value.morphAttributes },
});

const textureNames = [
  ...[
    'name',
    'image',
    'mapping',
    'channel',
    'wrapS',
    'wrapT',
    'wrapR',
    'magFilter',
    'minFilter',
    'anisotropy',
  ],
  ...[
    'format',
    'internalFormat',
    'type',
    'offset',
    'repeat',
    'center',
    'rotation',
    'matrixAutoUpdate',
    'matrix',
  ],
  ...['generateMipmaps', 'premultiplyAlpha', 'flipY', 'unpackAlignment', 'colorSpace', 'userData', 'mipmaps'],
];

const kinds = new Map<string, Kind>([
  ...['Vector2', 'Vector3', 'Vector4', 'Quaternion', 'Euler', 'Color', 'Matrix2', 'Matrix3', 'Matrix4'].map(
    list,
  ),
  shape('Box3', ['min', 'max'], 'getBoundingSphere'),
  shape('Box2', ['min', 'max'], 'getParameter'),
  shape('Sphere', ['center', 'radius'], 'intersectsSphere'),
  shape('Plane', ['normal', 'constant'], 'distanceToPoint'),
  shape('Ray', ['origin', 'direction'], 'intersectTriangle'),
  shape('Line3', ['start', 'end'], 'closestPointToPointParameter'),
  shape('Triangle', ['a', 'b', 'c'], 'getBarycoord'),
  shape('Spherical', ['radius', 'phi', 'theta'], 'makeSafe'),
  shape('Cylindrical', ['radius', 'theta', 'y'], 'setFromVector3'),
  shape('Frustum', ['planes'], 'setFromProjectionMatrix'),
  [
    'InterleavedBufferAttribute',
    {
      base: 'getComponent',
      is: (value) => has(value, 'isInterleavedBufferAttribute', 'data'),
      fields: (value) => pick(value, ['data', 'itemSize', 'offset', 'normalized', 'name']),
      set: (made, { name }) => Object.assign(made, { name }),
    },
  ],
  [
    'InterleavedBuffer',
    {
      base: 'copyAt',
      is: (value) => has(value, 'isInterleavedBuffer', 'array', 'stride'),
      fields: (value) => pick(value, ['array', 'stride', 'usage', 'meshPerAttribute']),
      set: (made, fields) => Object.assign(made, fields),
    },
  ],
  [
    'BufferAttribute',
    {
      base: 'copyArray',
      is: (value) => has(value, 'isBufferAttribute', 'array', 'itemSize'),
      fields: (value) => ({ array: value.array, ...pick(value, attributeNames) }),
      set: (made, fields) => Object.assign(made, fields),
    },
  ],
  [
    'BufferGeometry',
    {
      base: 'computeVertexNormals',
      is: (value) => has(value, 'isBufferGeometry', 'attributes', 'type'),
      fields: (value) => ({
        ...geometryFields(value),
        ...{ boundingBox: value.boundingBox, boundingSphere: value.boundingSphere },
      }),
      set: (made, { attributes, morphAttributes, ...rest }) =>
        Object.assign(made, rest, { attributes: { ...attributes }, morphAttributes: { ...morphAttributes } }),
      hash: geometryFields,
    },
  ],
  [
    'Texture',
    {
      base: 'transformUv',
      is: (value) =>
        has(value, 'isTexture', 'image') &&
        ('isDataTexture' in value || 'isData3DTexture' in value || 'isDataArrayTexture' in value),
      fields: (value) => pick(value, textureNames),
      set: (made, { image, ...rest }) =>
        Object.assign(made, rest, { needsUpdate: true }) && Object.assign(made.image, image),
    },
  ],
]);

function typeOf(kindName: string, value: ThreeObject): string {
  if (kindName === 'BufferAttribute') return attributeType(value);
  if (kindName === 'BufferGeometry') return value.type;
  if (value.isInstancedInterleavedBuffer) return 'InstancedInterleavedBuffer';
  if (kindName !== 'Texture') return kindName;
  const found = ['DataTexture', 'Data3DTexture', 'DataArrayTexture'].find((name) => `is${name}` in value);
  return found ?? '';
}

const kindNameOf = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, kind] of kinds) if (kind.is(value)) return name;
  return undefined;
};

const kindOfType = (type: string): Kind | undefined =>
  kinds.get(type) ??
  (type.endsWith('Attribute') ? kinds.get('BufferAttribute') : undefined) ??
  (type.endsWith('InterleavedBuffer') ? kinds.get('InterleavedBuffer') : undefined) ??
  kinds.get(type.endsWith('Texture') ? 'Texture' : 'BufferGeometry');

function plainOf(value: ThreeObject, how: 'fields' | 'hash'): Plain {
  const name = kindNameOf(value) ?? refuse('another kind of object');
  const kind = kinds.get(name);
  const read = (how === 'hash' ? kind?.hash : undefined) ?? kind?.fields;
  return { type: typeOf(name, value), fields: read?.(value) };
}

/** The module's class of the object; none for a class of somebody else that extends one, since it has more to tell. */
function classIn(three: Three, value: unknown): AnyClass | undefined {
  const name = kindNameOf(value);
  if (name === undefined) return undefined;
  const Made = Reflect.get(three, typeOf(name, value)) as AnyClass | undefined; // a class of the module, or nothing
  const { base = '' } = kinds.get(name) ?? {};
  const isPlain = Made && levelsTo(Object.create(Made.prototype), base) === levelsTo(Object(value), base);
  return isPlain ? Made : undefined;
}

/** What a constructor wants at least. */
function argumentsFor(
  type: string,
  { array, itemSize, stride, data, offset, normalized }: ThreeObject,
): unknown[] {
  if (type === 'InterleavedBufferAttribute') return [data, itemSize, offset, normalized];
  if (type.endsWith('InterleavedBuffer')) return [array, stride];
  return type.endsWith('Attribute') ? [array, itemSize] : [];
}

/**
 * three.js: `three(THREE)`, the module or as many of its classes as there are in values. Identifiers, versions and what
 * was computed from the rest (bounding volumes) do not count in arguments. Meshes, materials and scenes are not among it.
 */
export const three = (three: Three): Codec<ThreeObject, Plain> => ({
  name: 'three',
  is: (value) => classIn(three, value) !== undefined,
  encode: (value) => plainOf(value, 'fields'),
  hash: (value) => plainOf(value, 'hash'),
  decode({ type, fields }) {
    const Made = Reflect.get(three, type) as AnyClass | undefined; // as above
    if (!Made) return refuse(`three.js has no ${type} here`);
    const made = new Made(...argumentsFor(type, fields));
    kindOfType(type)?.set(made, fields);
    return made;
  },
});
