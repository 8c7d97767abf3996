/** Which entry of `keepsake/codecs` knows a library's objects, told by their members: classes lose their names in a build. */

const signs: readonly (readonly [entry: string, members: RegExp])[] = [
  ['dates', /object Temporal\.| isLuxon| \$isDayjs| _isAMoment/],
  ['graph', / _nodes .* _edges /],
  ['tensor', / dataId | cpuData | dataLocation | ort_tensor /],
  [
    'three',
    / is(?:Object3D|BufferGeometry|BufferAttribute|Texture|Material|Vector\d|Matrix\d|Color|Quaternion|Euler|Box\d|Sphere|Ray|Plane) /,
  ],
  ['arrow', / batches | numCols | _offsets | _names .* _data /],
  ['numbers', / s e d | s e c | s n d | d e s /],
  ['ndarray', / shape .* stride| rows columns | _data _size /],
  ['d3', / _intern _key | data height depth parent /],
  [
    'web',
    /^object (?:ImageBitmap|AudioBuffer|DOM(?:Matrix|Rect|Point|Quad)\w*|Response|Headers|FormData|CryptoKey) /,
  ],
];

/** The entry's name, if there is one. */
export function knownLibrary(value: object): string | undefined {
  const tag = Object.prototype.toString.call(value).slice(1, -1);
  const names = Object.getOwnPropertyNames(value);
  // Inherited marks count too: three and dayjs have theirs on the prototype.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype === 'object' && prototype !== null)
    names.push(...Object.getOwnPropertyNames(prototype));
  const text = `${tag} ${names.join(' ')} `;
  return signs.find(([, members]) => members.test(text))?.[0];
}
