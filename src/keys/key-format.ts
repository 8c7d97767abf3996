/**
 * The canonical stream that call keys are digests of.
 *
 * A value is one tag byte and what the tag says: fixed-width numbers (little-endian), LEB128 lengths, then content.
 * Lengths come before content, and members of open-ended lists end with `end`, so no two values have the same stream.
 * - Text: length in UTF-16 code units, then UTF-8; text with lone surrogates has a tag of its own and UTF-16.
 * - Objects: own enumerable members sorted by name (code units), each `field`, name, value; then `end`.
 * - Arrays: length, elements; a run of holes is `holes` and its length; named members follow like an object's.
 * - Map: size, then key and value by turns in insertion order.
 * - Set: members digested one by one, digests sorted; a Set of primitives only: the members themselves, sorted.
 * - Typed arrays, buffers: byte length and raw bytes of the view, little-endian as on every engine.
 * - Members that are not enumerable: `hidden` and their names come first; their values are among the other members.
 * - Members added to a Date, a Map, a typed array…: `added`, then the object itself, then members as in objects.
 * - Instances: a digest of the classes (code and what was laid over it), then members as in objects.
 * - Subclasses of what is built in: `subclass`, the same digest, then the content as of the built-in.
 * - An object met again below itself: `ancestor` and how many containers up. Shared siblings are written again.
 */
export const KEY_FORMAT = 2;

/** Tag bytes: part of the format, so append only. */
export const tags = {
  end: 0,
  undefined: 1,
  null: 2,
  false: 3,
  true: 4,
  number: 5,
  nan: 6,
  bigint: 7,
  text: 8,
  textWithLoneSurrogates: 9,
  boxed: 10,
  date: 11,
  regexp: 12,
  object: 13,
  field: 14,
  array: 15,
  holes: 16,
  map: 17,
  set: 18,
  setOfPrimitives: 19,
  typedArray: 20,
  arrayBuffer: 21,
  resizableArrayBuffer: 22,
  dataView: 23,
  blob: 24,
  file: 25,
  imageData: 26,
  error: 27,
  domException: 28,
  url: 29,
  temporal: 30,
  instance: 31,
  custom: 32,
  token: 33,
  ancestor: 34,
  tangle: 35,
  seen: 36,
  added: 37,
  hidden: 38,
  subclass: 39,
} as const;
