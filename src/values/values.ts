/** What a value is: the one taxonomy that keys and codec share. */

export { hasBrand } from './brands.ts';
export { type ClassLevel, type ClassMember, classLevels } from './class-code.ts';
export { type ClassFacts, classOfObject } from './classes.ts';
export {
  type ClassWithCodec,
  type Codec,
  type CodecDefinition,
  CodecFailure,
  CodecResults,
  checkCodec,
  codecFor,
  codecNamed,
  defineCodec,
  isPromise,
  toCodec,
} from './custom-class.ts';
export { describe } from './describe.ts';
export { hiddenState } from './instance.ts';
export { kindOf, visit, visitAs } from './kind-of.ts';
export { addedMembers } from './kinds/added.ts';
export { namedMembers, presentIndices } from './kinds/array.ts';
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
export {
  fieldNames,
  type HiddenMembers,
  hiddenMembers,
  integrityOf,
  readField,
  specialMember,
} from './kinds/fields.ts';
export { type ImageParts, imageParts } from './kinds/image-data.ts';
export { regexpParts, temporalParts, unbox, urlParts } from './kinds/text-like.ts';
export { knownLibrary } from './known-library.ts';
export { fieldStep, indexStep, mapStep, pathText, setStep } from './path.ts';
export { previewOf } from './preview.ts';
export { rawOf, unwrapped } from './reactive.ts';
export { unsaidBy } from './source/free-names.ts';
export { dtypeName, summaryOf, type ValueSummary } from './summary.ts';
export type { TemporalValue, TypedArray, ValueByKind, ValueKind, ValueVisitor } from './value-kind.ts';
export { isWellFormed } from './well-formed.ts';
