/** A stored result by the key of its entry. */
import { DamagedEntryError, ResultEvictedError } from '../errors/errors.ts';
import { infoOf } from '../options/options.ts';
import { contentOf } from './shelf-access.ts';
import { type Shelf, type ShelvedResult, StoredResult } from './shelved-result.ts';

/** @throws ResultEvictedError or DamagedEntryError where there is no such entry, or none that can be believed. */
export async function openEntry<T>(shelf: Shelf, key: string): Promise<ShelvedResult<T>> {
  const { store, hasher } = shelf.context;
  if (!store) throw new ResultEvictedError(key);
  const [found, detail] = await Promise.all([store.find(key), store.catalog.detail(key)]);
  if (found.kind === 'unreadable') throw new DamagedEntryError(key, found.reason);
  if (found.kind === 'absent' || !detail) throw new ResultEvictedError(key);
  const digest = await (await hasher()).digest(contentOf(found.entry));
  return new StoredResult<T>(shelf, infoOf(detail, Date.now()), digest);
}
