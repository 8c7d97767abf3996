/** Codec for three.js: numbers and shapes, attributes, geometries, and textures made of data. */
import type { Codec } from '../values/values.ts';
import { type AnyClass, has, inheritedClasses, pick, refuse } from './structure.ts';

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
  readonly is: (value: ThreeObject) => boolean;
  readonly fields: (value: ThreeObject) => unknown;
  readonly set: (made: ThreeObject, fields: ThreeObject) => void;
  /** Without what says when it was made, or was computed from the rest. */
  readonly hash?: (value: ThreeObject) => unknown;
}

const flagged =
  (name: string) =>
  (value: object): boolean =>
    has(value, `is${name}`) && inheritedClasses(value) === 0;

/** Vectors, colours and others that are a list of numbers. */
const list = (name: string): [string, Kind] => [
  name,
  {
    is: flagged(name),
    fields: (value) => value.toArray(),
    set: (made, fields) => made.fromArray(fields),
  },
];

const onlyHas = (value: object, names: readonly string[]): boolean => {
  const own = Object.keys(value).filter((name) => !name.startsWith('is'));
  return (
    own.length === names.length && names.every((name) => own.includes(name)) && inheritedClasses(value) === 0
  );
};

/** Boxes, planes and others that are a few members of the kinds above. */
const shape = (name: string, names: readonly string[], method: string): [string, Kind] => [
  name,
  {
    is: (value) => onlyHas(value, names) && method in value,
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
  return inheritedClasses(value) === 0 ? 'BufferAttribute' : `${array}BufferAttribute`;
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
    'BufferAttribute',
    {
      is: (value) => has(value, 'isBufferAttribute', 'array', 'itemSize'),
      fields: (value) => ({ array: value.array, ...pick(value, attributeNames) }),
      set: (made, fields) => Object.assign(made, fields),
    },
  ],
  [
    'BufferGeometry',
    {
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
  if (kindName !== 'Texture') return kindName;
  const found = ['DataTexture', 'Data3DTexture', 'DataArrayTexture'].find((name) => `is${name}` in value);
  return found ?? refuse('a texture of another kind');
}

const kindNameOf = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, kind] of kinds) if (kind.is(value)) return name;
  return undefined;
};

const kindOfType = (type: string): Kind | undefined =>
  kinds.get(type) ??
  (type.endsWith('Attribute') ? kinds.get('BufferAttribute') : undefined) ??
  kinds.get(type.endsWith('Texture') ? 'Texture' : 'BufferGeometry');

function plainOf(value: ThreeObject, how: 'fields' | 'hash'): Plain {
  const name = kindNameOf(value) ?? refuse('another kind of object');
  const kind = kinds.get(name);
  const read = (how === 'hash' ? kind?.hash : undefined) ?? kind?.fields;
  return { type: typeOf(name, value), fields: read?.(value) };
}

/** An object of the class, whatever its constructor wants. */
function make(three: Three, type: string, fields: ThreeObject): ThreeObject {
  const Made = Reflect.get(three, type) as AnyClass | undefined; // a class of the module, or nothing
  if (!Made) return refuse(`three.js has no ${type} here`);
  return type.endsWith('Attribute') ? new Made(fields.array, fields.itemSize) : new Made();
}

/**
 * three.js: `three(THREE)`, the module or as many of its classes as there are in values. Identifiers, versions and what
 * was computed from the rest (bounding volumes) do not count in arguments. Meshes, materials and scenes are not among it.
 */
export const three = (three: Three): Codec<ThreeObject, Plain> => ({
  name: 'three',
  is: (value) => kindNameOf(value) !== undefined,
  encode(value) {
    const plain = plainOf(value, 'fields');
    if (!Reflect.get(three, plain.type)) refuse(`three.js has no ${plain.type} here`);
    return plain;
  },
  hash: (value) => plainOf(value, 'hash'),
  decode({ type, fields }) {
    const made = make(three, type, fields);
    kindOfType(type)?.set(made, fields);
    return made;
  },
});
