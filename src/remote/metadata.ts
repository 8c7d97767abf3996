/** What stands under a call's key in the shared tier: JSON that says what it says, and who says so. */
import { PackFormatError } from '../errors/errors.ts';
import {
  blocksIn,
  DIGEST_BYTES,
  type EntryDetails,
  functionRowOf,
  type PortableEntry,
  parseDetails,
  parseFunctionRow,
  parseJson,
  parseRow,
  rowOf,
} from '../pack-format/pack-format.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface RemoteEntry {
  readonly entry: PortableEntry;
  readonly details: EntryDetails;
  /** SHA-256 of each block, per part. */
  readonly digests: readonly Bytes[];
  /** SHA-256 of each part: where its bytes are. */
  readonly addresses: readonly string[];
}

/** The text that is signed, and its signature. */
export interface SignedText {
  readonly text: string;
  readonly signature: Bytes | undefined;
}

const FORMAT = 1;
const MOST_BYTES = 2 ** 23;

export const toBase64 = (bytes: Uint8Array): string => {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
};

/** @throws PackFormatError */
export function fromBase64(text: unknown): Bytes {
  if (typeof text !== 'string') throw new PackFormatError('a digest is no text');
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch (cause) {
    throw new PackFormatError('a digest is not in base64', { cause });
  }
}

export const textOfEntry = (
  { entry, details, digests, addresses }: RemoteEntry,
  recordFormat: number,
): string =>
  JSON.stringify({
    keepsake: FORMAT,
    recordFormat,
    function: functionRowOf(entry),
    entry: rowOf(entry),
    details,
    digests: digests.map(toBase64),
    addresses,
  });

export const signedJson = ({ text, signature }: SignedText): string =>
  JSON.stringify({ said: text, ...(signature && { signature: toBase64(signature) }) });

/** @throws PackFormatError */
export function parseSigned(json: string): SignedText {
  if (json.length > MOST_BYTES) throw new PackFormatError('the metadata are too long');
  const { said, signature } = (parseJson(json) ?? {}) as { said?: unknown; signature?: unknown }; // checked below
  if (typeof said !== 'string') throw new PackFormatError('the metadata say nothing');
  return { text: said, signature: signature === undefined ? undefined : fromBase64(signature) };
}

const isAddress = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** @throws PackFormatError */
export function parseEntry(text: string, recordFormat: number): RemoteEntry {
  const said = (parseJson(text) ?? {}) as Record<string, unknown>; // checked below
  if (said.keepsake !== FORMAT || said.recordFormat !== recordFormat)
    throw new PackFormatError('the entry is of another version');
  const entry = parseRow(said.entry, parseFunctionRow(said.function));
  const { digests, addresses } = said;
  const count = entry.parts.length;
  if (!Array.isArray(addresses) || addresses.length !== count || !addresses.every(isAddress))
    throw new PackFormatError('the entry has no addresses');
  if (!Array.isArray(digests) || digests.length !== count)
    throw new PackFormatError('the entry has no digests');
  const parsed = digests.map(fromBase64);
  if (
    parsed.some((each, part) => each.length !== blocksIn(entry.parts[part]?.byteLength ?? 0) * DIGEST_BYTES)
  )
    throw new PackFormatError('the entry has too few digests');
  return { entry, details: parseDetails(said.details), digests: parsed, addresses };
}
