/** Ed25519 by WebCrypto: who can write to the bucket cannot make a result of ours. */
import type { SignatureKey } from '../options/options.ts';
import { fromBase64 } from './metadata.ts';

const ALGORITHM = 'Ed25519';

const isKey = (key: SignatureKey): key is CryptoKey =>
  typeof CryptoKey !== 'undefined' && key instanceof CryptoKey;

/** The context of what is signed: a signature for something else is none here. */
const signed = (text: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`keepsake remote 1\n${text}`);

function importKey(key: SignatureKey, use: 'sign' | 'verify'): Promise<CryptoKey> {
  if (isKey(key)) return Promise.resolve(key);
  if (typeof key === 'string')
    return crypto.subtle.importKey('raw', fromBase64(key), ALGORITHM, false, [use]);
  const { key_ops: _, ...rest } = key;
  return crypto.subtle.importKey('jwk', rest, ALGORITHM, false, [use]);
}

export type Verify = (text: string, signature: Uint8Array<ArrayBuffer> | undefined) => Promise<boolean>;

/** Rejects where the key, or the engine, has no Ed25519. */
export async function verifier(key: SignatureKey): Promise<Verify> {
  const publicKey = await importKey(key, 'verify');
  return async (text, signature) =>
    signature !== undefined && crypto.subtle.verify(ALGORITHM, publicKey, signature, signed(text));
}

export async function signer(key: SignatureKey): Promise<(text: string) => Promise<Uint8Array<ArrayBuffer>>> {
  const privateKey = await importKey(key, 'sign');
  return async (text) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, signed(text)));
}
