/** What a value is: the one taxonomy that keys and codec share. */
export { type ClassFacts, classOfObject, classSources } from './classes.ts';
export { type Codec, codecFor } from './custom-class.ts';
export { describe } from './describe.ts';
export { kindOf, visit } from './kind-of.ts';
export { extraNames, presentIndices } from './kinds/array.ts';
export {
  isDetached,
  maxByteLengthOf,
  type TypedArrayClass,
  type TypedArrayName,
  typedArrayClass,
  typedArrayName,
  typedArrayNames,
} from './kinds/binary.ts';
export { type BlobParts, blobParts } from './kinds/blob.ts';
export { mapItems, setItems } from './kinds/collections.ts';
export { type ErrorParts, errorParts } from './kinds/error.ts';
export { enumerableSymbol, fieldNames, readField } from './kinds/fields.ts';
export { type ImageParts, imageParts } from './kinds/image-data.ts';
export { regexpParts, temporalParts, unbox, urlParts } from './kinds/text-like.ts';
export { fieldStep, indexStep, mapStep, pathText, setStep } from './path.ts';
export { previewOf } from './preview.ts';
export type { TemporalValue, TypedArray, ValueByKind, ValueKind, ValueVisitor } from './value-kind.ts';
export { isWellFormed } from './well-formed.ts';
