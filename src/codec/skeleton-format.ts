/**
 * The skeleton: one run of bytes that holds everything of a value except large binary content.
 *
 *   magic u16 · format u16 · byte lengths of the three sections, u32 each (all little-endian), then
 *   1. buffers: count, then per buffer how it is kept (see BufferEntry), inline content included;
 *   2. text: count of chunks, then per chunk encoding, code units, byte length, bytes; strings are cut from it in order;
 *   3. nodes: the value, one tag byte and what the tag says per node, children in order.
 *
 * Counts are LEB128. Every object has a number, by order of appearance, which `ref` nodes point back to: so shared
 * references and cycles survive. An object that members were added to, or that is frozen, comes in an `extended` node: how
 * open it is to changes, names of the members, the object, the members. Equal key lists of objects are written once (`newShape`, `shape`).
 */
export const SKELETON_FORMAT = 2;

export const skeletonMagic = 0x534b;
export const headerBytes = 16;

/** Node tags: part of the format, so append only. */
export const nodes = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int: 4,
  float: 5,
  bigint: 6,
  negativeBigint: 7,
  text: 8,
  ref: 9,
  newShape: 10,
  shape: 11,
  dictionary: 12,
  array: 13,
  floats: 14,
  ints: 15,
  bytes: 16,
  sparseArray: 17,
  map: 18,
  set: 19,
  boxed: 20,
  date: 21,
  regexp: 22,
  typedArray: 23,
  dataView: 24,
  arrayBuffer: 25,
  blob: 26,
  file: 27,
  imageData: 28,
  error: 29,
  domException: 30,
  url: 31,
  temporal: 32,
  custom: 33,
  extended: 34,
} as const;

/** How a buffer is kept: in the skeleton, or out of band; a Blob always is. */
export const storages = { inline: 0, outOfBand: 1, blob: 2 } as const;

/** Text chunk encodings. */
export const textEncodings = { utf8: 0, utf16: 1 } as const;

/** Objects with more members do not share their key list: they are dictionaries. */
export const longestShape = 64;
/** Text is cut in chunks, since engines bound the length of a string: 2^29 in V8. */
export const textChunkLength = 1 << 24;
/** Resizable buffers of one value may reserve this much in all: hostile input must not exhaust addresses. */
export const reservedBytesLimit = 2 ** 32;

/** The name of the streams' codec, which no other has. */
export const STREAM = 'keepsake.stream';
