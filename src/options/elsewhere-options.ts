/** Where results may come from, and go to, beside the store. */
import { countOf, functionOf, oneOf, parseBytes, refuseUnknown, shown, textOf } from './option-checks.ts';

/** A request to the shared tier that is about to be made. */
export interface RemoteRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly url: string;
}

type Headers = Readonly<Record<string, string>>;

/** A key of Ed25519: as WebCrypto has it, or its raw public bytes in base64, or as JSON Web Key. */
export type SignatureKey = CryptoKey | JsonWebKey | string;

export interface RemoteOptions {
  /** What comes before `/ac/…` and `/cas/…`. */
  readonly url: string;
  /** Whether calls ask it; true by default. */
  readonly read?: boolean;
  /** Whether computed results are sent to it; false by default. */
  readonly write?: boolean;
  readonly headers?: Headers | ((request: RemoteRequest) => Headers | Promise<Headers>);
  /** Public key: what is not signed with its private one is not believed. */
  readonly verify?: SignatureKey;
  /** Private key that what is sent is signed with. */
  readonly sign?: CryptoKey | JsonWebKey;
  /** How long a call waits for it, bytes included, before it computes; 2,000 by default. */
  readonly timeoutMs?: number;
  /** Larger results are neither fetched nor sent; '64M' by default. */
  readonly maxBytes?: number | string;
  /** Ids of the functions whose results are shared; all by default. */
  readonly functions?: readonly string[];
}

export interface ResolvedRemote extends Omit<RemoteOptions, 'maxBytes'> {
  readonly read: boolean;
  readonly write: boolean;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const names = [
  'url',
  'read',
  'write',
  'headers',
  'verify',
  'sign',
  'timeoutMs',
  'maxBytes',
  'functions',
] as const;

export function resolveRemote(remote: RemoteOptions | undefined): ResolvedRemote | undefined {
  if (remote === undefined) return undefined;
  if (typeof remote !== 'object' || remote === null)
    throw new TypeError(`"remote" is ${shown(remote)}; give an object with a "url"`);
  refuseUnknown(remote, names, '"remote"');
  const { url, read = true, write = false, headers, timeoutMs = 2_000, maxBytes = '64M', functions } = remote;
  textOf(url, 'remote.url');
  oneOf(read, 'remote.read', [true, false]);
  oneOf(write, 'remote.write', [true, false]);
  if (typeof headers !== 'object') functionOf(headers, 'remote.headers');
  if (functions !== undefined && !Array.isArray(functions))
    throw new TypeError(`"remote.functions" is ${shown(functions)}; give an array of ids`);
  return {
    ...remote,
    read,
    write,
    timeoutMs: countOf(timeoutMs, 'remote.timeoutMs'),
    maxBytes: parseBytes(maxBytes, 'remote.maxBytes'),
  };
}

/** @throws TypeError */
export function checkPacks(packs: readonly (string | URL)[] = []): readonly string[] {
  if (!Array.isArray(packs)) throw new TypeError(`"packs" is ${shown(packs)}; give an array of URLs`);
  return packs.map((pack) => {
    textOf(pack instanceof URL ? pack.href : pack, 'packs');
    return String(pack);
  });
}
