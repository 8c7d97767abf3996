/** An entry apart from its store: what travels of a result, with sizes that bound what its bytes may be. */
import { PackFormatError } from '../errors/errors.ts';

export type Sha256 = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;

/** What a portable entry keeps: the skeleton, or an out-of-band buffer. */
export interface PortablePart {
  /** As they are stored, and travel. */
  readonly byteLength: number;
  readonly compression: '' | 'gzip' | 'deflate';
  readonly rawByteLength: number;
}

export interface PortableEntry {
  readonly key: string;
  readonly functionKey: string;
  readonly functionId: string;
  /** How the code was identified, as the catalog keeps it: 'plugin:1f2e…', 'version', 'source'. */
  readonly identity: string;
  readonly createdAt: number;
  readonly computeMs: number;
  /** The skeleton, then the buffers in the codec's order. */
  readonly parts: readonly PortablePart[];
}

/** What is listed of an entry, and no hit needs. */
export interface EntryDetails {
  readonly argumentsPreview: string;
  readonly tags: readonly string[];
  readonly digests: Readonly<Record<string, string>>;
  readonly result?: { readonly kind: string; readonly dtype?: string; readonly shape?: readonly number[] };
  readonly version?: string;
  /** How long after it was made it is good, where its function said so. */
  readonly maxAgeMs?: number;
}

/** A digest over so many bytes: a slice of a part is fetched and verified by whole blocks. */
export const DIGEST_BLOCK_BYTES = 2 ** 20;
export const DIGEST_BYTES = 32;

/** One file holds more than this in no engine. */
const MOST_BYTES = 2 ** 40;
const MOST_PARTS = 2 ** 16;
const MOST_TEXT = 2 ** 16;

export const blocksIn = (byteLength: number): number => Math.ceil(byteLength / DIGEST_BLOCK_BYTES);

export const blocksOfParts = (parts: readonly PortablePart[]): number =>
  parts.reduce((sum, { byteLength }) => sum + blocksIn(byteLength), 0);

export const bytesOfParts = (parts: readonly PortablePart[]): number =>
  parts.reduce((sum, { byteLength }) => sum + byteLength, 0);

export function fail(reason: string): never {
  throw new PackFormatError(reason);
}

const isKey = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{16,128}$/.test(value);

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MOST_TEXT;

/** Also of what is read back by JSON.parse(): whole numbers, and no more than there can be. */
export const isCount = (value: unknown, most = MOST_BYTES): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most;

const isMoment = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isCompression = (value: unknown): value is PortablePart['compression'] =>
  value === '' || value === 'gzip' || value === 'deflate';

/** Says which kind of identity the code has, where it is one of those that there are. */
export const identityKind = (identity: string): string => identity.split(':', 1)[0] ?? '';

function parsePart(value: unknown): PortablePart {
  if (!Array.isArray(value) || value.length !== 3) fail('a part is no list of three');
  const [byteLength, rawByteLength, compression] = value as unknown[]; // checked below
  if (!isCount(byteLength) || !isCount(rawByteLength)) fail('a part has no length');
  if (!isCompression(compression)) fail('a part is compressed in an unknown way');
  if (compression === '' && byteLength !== rawByteLength) fail('a part has two lengths');
  return { byteLength, rawByteLength, compression };
}

/** The entry as rows of JSON have it: its function aside. */
export type EntryRow = readonly [key: string, createdAt: number, computeMs: number, ...parts: unknown[]];

export const rowOf = ({ key, createdAt, computeMs, parts }: PortableEntry): EntryRow => [
  key,
  createdAt,
  computeMs,
  ...parts.map(({ byteLength, rawByteLength, compression }) => [byteLength, rawByteLength, compression]),
];

export type FunctionRow = readonly [functionKey: string, functionId: string, identity: string];

export const functionRowOf = ({ functionKey, functionId, identity }: PortableEntry): FunctionRow => [
  functionKey,
  functionId,
  identity,
];

export function parseFunctionRow(value: unknown): FunctionRow {
  if (!Array.isArray(value) || value.length !== 3) fail('a function is no list of three');
  const [functionKey, functionId, identity] = value as unknown[]; // checked below
  if (!isKey(functionKey) || !isText(functionId) || !isText(identity)) fail('a function is not named');
  if (!['plugin', 'version', 'source'].includes(identityKind(identity))) fail('an identity is unknown');
  return [functionKey, functionId, identity];
}

/** @throws PackFormatError */
export function parseRow(value: unknown, [functionKey, functionId, identity]: FunctionRow): PortableEntry {
  if (!Array.isArray(value) || value.length < 4) fail('an entry is no list of four or more');
  const [key, createdAt, computeMs, ...rest] = value as unknown[]; // checked below
  if (!isKey(key)) fail('an entry has no key');
  if (!isMoment(createdAt) || !isMoment(computeMs)) fail('an entry has no time');
  if (rest.length > MOST_PARTS) fail('an entry has too many parts');
  const parts = rest.map(parsePart);
  if (!isCount(bytesOfParts(parts))) fail('an entry is too long');
  return { key, functionKey, functionId, identity, createdAt, computeMs, parts };
}

type ResultOf = NonNullable<EntryDetails['result']>;

function isResult(value: unknown): value is ResultOf {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, dtype = '', shape = [] } = value as Partial<Record<keyof ResultOf, unknown>>; // checked here
  const isShape = Array.isArray(shape) && shape.length <= 64 && shape.every((size) => isCount(size));
  return isText(kind) && isText(dtype) && isShape;
}

/** @throws PackFormatError */
export function parseDetails(value: unknown): EntryDetails {
  if (typeof value !== 'object' || value === null) fail('the details are no object');
  const details = value as Partial<Record<keyof EntryDetails, unknown>>; // checked below
  const { argumentsPreview, tags, digests, result, version, maxAgeMs } = details;
  if (!isText(argumentsPreview)) fail('the preview is no short text');
  if (!Array.isArray(tags) || tags.length > 1_000 || !tags.every(isText)) fail('the tags are no short texts');
  if (typeof digests !== 'object' || digests === null) fail('the digests are no object');
  const pairs = Object.entries(digests);
  if (!pairs.every(([path, digest]) => isText(path) && isText(digest))) fail('the digests are no texts');
  if (result !== undefined && !isResult(result)) fail('the result is not described');
  if (version !== undefined && !isText(version)) fail('the version is no text');
  if (maxAgeMs !== undefined && !isMoment(maxAgeMs)) fail('the age is no time');
  return {
    argumentsPreview,
    tags: [...tags],
    // fromEntries defines its members: a path may be called __proto__.
    digests: Object.fromEntries(pairs),
    ...(result && { result }),
    ...(version !== undefined && { version }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
  };
}

/** @throws PackFormatError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PackFormatError('it is not JSON', { cause });
  }
}
