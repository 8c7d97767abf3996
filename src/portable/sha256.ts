/** SHA-256 of a block: the engine's own, which works beside this thread; ours where the origin is not secure. */
import { createHasher, type Hasher } from '../digest/digest.ts';

let plain: Promise<Hasher> | undefined;

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = globalThis.crypto as { subtle?: SubtleCrypto }; // absent on plain http
  if (subtle) return new Uint8Array(await subtle.digest('SHA-256', bytes));
  plain ??= createHasher('sha-256');
  const hasher = await plain;
  hasher.reset();
  hasher.update(bytes);
  return new Uint8Array(hasher.digest());
}
