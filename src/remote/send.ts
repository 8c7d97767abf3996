/** Sends a stored entry: its bytes first, then the metadata that point at them. */

import { toHex } from '../bytes/bytes.ts';
import { RECORD_FORMAT } from '../catalog/catalog.ts';
import { firingAfter } from '../deferred/deferred.ts';
import { createHasher } from '../digest/digest.ts';
import { bytesOfParts, digestsOfPart, identityKind } from '../pack-format/pack-format.ts';
import {
  detailsOf,
  findStoredEntry,
  portableOf,
  type SoughtCall,
  StoredEntry,
} from '../portable/portable.ts';
import type { Store } from '../store/store.ts';
import type { RemoteHttp } from './http.ts';
import { signedJson, textOfEntry } from './metadata.ts';

export interface SendOptions {
  readonly http: RemoteHttp;
  readonly maxBytes: number;
  readonly sign: ((text: string) => Promise<Uint8Array<ArrayBuffer>>) | undefined;
  readonly pathOf: (key: string) => Promise<string>;
}

/** A request that takes longer has failed: so much, and for each MiB as much again as a slow line takes. */
const timeOf = (byteLength: number): AbortSignal => firingAfter(30_000 + (byteLength / 2 ** 20) * 8_000);

async function gather(stored: StoredEntry, part: number): Promise<{ blob: Blob; address: string }> {
  const hasher = await createHasher('sha-256');
  hasher.reset();
  const blobs: Blob[] = [];
  for await (const piece of stored.pieces(part)) {
    hasher.update(piece);
    blobs.push(new Blob([piece]));
  }
  return { blob: new Blob(blobs), address: toHex(hasher.digest()) };
}

/** @returns Whether it was sent. */
export async function send(
  store: Store,
  { key }: SoughtCall,
  { http, maxBytes, sign, pathOf }: SendOptions,
): Promise<boolean> {
  const detail = await store.catalog.detail(key);
  const record = await findStoredEntry(store, key);
  const identity = detail?.identity;
  if (!detail || identity === undefined || identityKind(identity) === 'source') return false;
  const entry = portableOf(record, detail, identity);
  if (bytesOfParts(entry.parts) > maxBytes) return false;
  const stored = new StoredEntry(store, record);
  const unpin = await stored.pin();
  try {
    const all = await stored.digests();
    const addresses: string[] = [];
    for (const part of entry.parts.keys()) {
      const { blob, address } = await gather(stored, part);
      addresses.push(address);
      const path = `cas/${address}`;
      if (blob.size > 0 && !(await http.has(path, timeOf(0)))) await http.put(path, blob, timeOf(blob.size));
    }
    const digests = entry.parts.map((_, part) => digestsOfPart(entry, all, part).slice());
    const text = textOfEntry({ entry, details: detailsOf(detail), digests, addresses }, RECORD_FORMAT);
    const json = signedJson({ text, signature: await sign?.(text) });
    await http.put(await pathOf(key), new Blob([json]), timeOf(json.length));
    return true;
  } finally {
    unpin();
  }
}
