/** Finds the stored value of a call: in this realm, then in the store; and says why not. */
import { type EntryRecord, isSameEntry, isSamePlace } from '../catalog/catalog.ts';
import { Chunk } from '../chunks/chunks.ts';
import { decode, isStreamSkeleton, loadRareReaders } from '../codec/codec.ts';
import { DamagedEntryError, UnsupportedFormatError } from '../errors/errors.ts';
import type { HitSource, MissReason } from '../events/events.ts';
import { ageOf, type EntryInfo, infoOf, unstoredInfo } from '../options/options.ts';
import type { Offer } from '../portable/portable.ts';
import type { KeptValue, LoadedBytes } from '../store/store.ts';
import { isPromise } from '../values/values.ts';
import type { CachedCall } from './cached-call.ts';

export interface Hit {
  readonly kind: 'hit';
  readonly source: HitSource;
  readonly isStale: boolean;
  readonly value: unknown;
  /** A promise where a codec takes its time. */
  readonly copy: () => unknown;
  /** Only looked up: there is no value. */
  readonly isUnread?: boolean;
  readonly computeMs: number;
  readonly sizeBytes: number;
  /** When the entry was made, where there is one. */
  readonly createdAt?: number;
}

export interface Miss {
  readonly kind: 'miss';
  readonly reason: MissReason;
  readonly error?: unknown;
}

const miss = (reason: MissReason, error?: unknown): Miss => ({ kind: 'miss', reason, error });

const nameOf = (error: unknown): string =>
  error instanceof Error || error instanceof DOMException ? error.name : '';

/** A validator with a maxAgeMs is about age alone: that is decided without asking it. */
function validatorOf({ options }: CachedCall) {
  const { cacheValidationCallback } = options;
  return cacheValidationCallback?.maxAgeMs === undefined ? cacheValidationCallback : undefined;
}

/** From when on an entry is too old; Infinity where nothing says so. */
export const maxAgeOf = ({ options: { maxAgeMs, cacheValidationCallback } }: CachedCall): number =>
  Math.min(
    maxAgeMs ?? Number.POSITIVE_INFINITY,
    cacheValidationCallback?.maxAgeMs ?? Number.POSITIVE_INFINITY,
  );

/** Age decides before anything else is asked: fresh, stale but usable for now, or expired. */
export function freshnessOf(call: CachedCall, createdAt: number): 'fresh' | 'stale' | 'expired' {
  const { staleWhileRevalidateMs = 0 } = call.options;
  const limit = maxAgeOf(call);
  const ageMs = ageOf(createdAt, Date.now());
  if (ageMs < limit || limit === Number.POSITIVE_INFINITY) return 'fresh';
  return ageMs < limit + staleWhileRevalidateMs ? 'stale' : 'expired';
}

type Content = Uint8Array<ArrayBuffer> | Blob;

/**
 * A new value from encoded bytes that may change once this has returned; a promise where a codec takes its time. Blobs
 * never change: a new one shares the bytes.
 */
export function decodeCopy(
  { skeleton, buffers }: { readonly skeleton: Uint8Array; readonly buffers: readonly Content[] },
  call: CachedCall,
): unknown {
  const copies = buffers.map((each) => (each instanceof Blob ? each : each.slice().buffer));
  return decode(skeleton, handOver(copies), { codecs: call.options.codecs });
}

/** What this realm keeps of the call's value, still encoded. */
export function keptOf(call: CachedCall): KeptValue | undefined {
  if (validatorOf(call)) return undefined; // it is asked about the stored entry
  const kept = call.context.tier.get(call.key);
  return kept && freshnessOf(call, kept.createdAt) === 'fresh' ? kept : undefined;
}

/** A hit on what this realm keeps; undefined where a codec fails to decode it: the store is asked, and says why. */
function hitOn(call: CachedCall, kept: KeptValue, isStale: boolean): Kept {
  const copy = (): unknown => decodeCopy(kept, call);
  const { computeMs, sizeBytes, createdAt } = kept;
  const hit = (value: unknown): Hit => ({
    ...{ kind: 'hit', source: 'memory', isStale },
    ...{ value, copy, computeMs, sizeBytes, createdAt },
  });
  const forget = (): undefined => void call.context.tier.delete(call.key);
  try {
    const value = copy();
    return isPromise(value) ? Promise.resolve(value).then(hit, forget) : hit(value);
  } catch {
    return forget();
  }
}

/** What this realm keeps: at once, unless a codec takes its time. */
type Kept = Hit | undefined | Promise<Hit | undefined>;

/** The value kept in this realm. Synchronous where its codecs are: the quickest way of all. */
export function findKept(call: CachedCall): Kept {
  const kept = keptOf(call);
  return kept && hitOn(call, kept, false);
}

/** What only this realm keeps, judged as a stored entry is; undefined where there is none. */
export async function findHeld(call: CachedCall): Promise<Hit | Miss | undefined> {
  const kept = call.context.tier.get(call.key);
  if (!kept || kept.isStored) return undefined;
  const info = (): EntryInfo => {
    const { createdAt, computeMs, sizeBytes, argumentsPreview = '' } = kept;
    const unstored = unstoredInfo({ key: call.key, functionId: call.id, computeMs, argumentsPreview });
    return { ...unstored, createdAt, sizeBytes, ageMs: ageOf(createdAt, Date.now()) };
  };
  const refusal = await refusalOf(call, kept.createdAt, async () => info());
  return refusal ?? (await hitOn(call, kept, freshnessOf(call, kept.createdAt) === 'stale'));
}

/** Why the entry may not be used, or undefined where it may. */
async function refusalOf(
  call: CachedCall,
  createdAt: number,
  info: () => Promise<EntryInfo | undefined>,
): Promise<Miss | undefined> {
  if (freshnessOf(call, createdAt) === 'expired') return miss('expired');
  const validate = validatorOf(call);
  if (!validate) return undefined;
  const about = await info();
  if (!about) return miss('absent');
  try {
    return (await validate(about)) ? undefined : miss('invalid');
  } catch (error) {
    return miss('validator-threw', error);
  }
}

/** A larger result that was read is handed over as it is: to keep it as well would cost a copy, as much as reading it again. */
const KEPT_BYTES = 64 * 1024 + 4 * 1024;

const mapped = new Chunk(() => import('../mapped/mapped.ts'));

/** A stored stream, which is read as its reader asks for it. */
async function openStream(call: CachedCall, entry: EntryRecord): Promise<Hit> {
  const { context, store, id: functionId, key, options } = call;
  const shelf = { context, store, functionId, key, codecs: options.codecs };
  const [{ openMapped }] = await Promise.all([mapped.load(), loadRareReaders()]);
  const copy = (): Promise<unknown> => openMapped(shelf, 'r', async () => entry);
  const { createdAt, computeMs, sizeBytes } = entry;
  const isStale = freshnessOf(call, createdAt) === 'stale';
  return { kind: 'hit', source: 'storage', isStale, value: await copy(), copy, computeMs, sizeBytes };
}

/** Streams whose bytes are elsewhere than in the record: the structure of one is small, and always is in it. */
function isStoredStream({ skeleton, buffers }: EntryRecord): boolean {
  const { place, compression } = skeleton;
  if (!(place instanceof ArrayBuffer) || compression !== '') return false;
  const isAllHere = buffers.every((buffer) => buffer.place instanceof ArrayBuffer);
  return !isAllHere && isStreamSkeleton(new Uint8Array(place));
}

async function load(call: CachedCall, entry: EntryRecord): Promise<Hit> {
  if (isStoredStream(entry)) return openStream(call, entry);
  const loading = call.store.load(entry);
  const loaded = loading instanceof Promise ? await loading.finally(call.store.pins.add(call.key)) : loading;
  return hitWith(call, { ...entry, source: 'storage' }, loaded);
}

type Origin = Pick<EntryRecord, 'createdAt' | 'computeMs' | 'sizeBytes' | 'functionKey'> &
  Pick<Hit, 'source'>;

async function hitWith(call: CachedCall, origin: Origin, { skeleton, buffers }: LoadedBytes): Promise<Hit> {
  const views = buffers.map((buffer) => new Uint8Array(buffer));
  const { createdAt, computeMs, sizeBytes, functionKey, source } = origin;
  const kept = {
    functionId: call.id,
    functionKey,
    skeleton,
    buffers: views,
    createdAt,
    computeMs,
    sizeBytes,
    isStored: true,
  };
  const isSmall = sizeBytes <= KEPT_BYTES && call.context.tier.accepts(sizeBytes);
  if (isSmall) call.context.tier.put(call.key, kept, call.tierEpoch);
  const copy = (): unknown => decodeCopy(kept, call);
  // What the tier keeps stays untouched; anything else is handed over without a copy.
  const decoded = isSmall ? copy() : decode(skeleton, handOver(buffers), { codecs: call.options.codecs });
  const value = isPromise(decoded) ? await decoded : decoded;
  const isStale = freshnessOf(call, createdAt) === 'stale';
  return { kind: 'hit', source, isStale, value, copy, computeMs, sizeBytes, createdAt };
}

const handOver = (buffers: readonly (ArrayBuffer | Blob)[]) => ({
  content(index: number): ArrayBuffer | Blob {
    const content = buffers[index];
    if (!content) throw new DamagedEntryError('', `there is no buffer ${index}`);
    return content;
  },
  buffer(index: number): ArrayBuffer {
    const content = this.content(index);
    if (content instanceof Blob) throw new DamagedEntryError('', `buffer ${index} is a Blob`);
    return content;
  },
  blob(index: number, type: string): Blob {
    return new Blob([this.content(index)], { type });
  },
});

/** Files go with their entry, so a missing file means that the entry went meanwhile, or that it is damaged. */
async function loadOrMiss(call: CachedCall, entry: EntryRecord, isRetry = false): Promise<Hit | Miss> {
  try {
    return await load(call, entry);
  } catch (error) {
    if (error instanceof UnsupportedFormatError) return miss('format', error);
    if (error instanceof DamagedEntryError || nameOf(error) === 'DataError') return damaged(call, error);
    if (nameOf(error) !== 'NotFoundError') return miss('storage-failed', error);
    const again = await findEntry(call, false);
    if (again.kind !== 'entry') return again;
    if (isSameEntry(again.entry, entry) && isSamePlace(again.entry, entry)) return damaged(call, error);
    return isRetry ? miss('absent') : loadOrMiss(call, again.entry, true);
  }
}

async function damaged(call: CachedCall, error: unknown): Promise<Miss> {
  const reason = error instanceof Error || error instanceof DOMException ? error.message : String(error);
  call.context.emit({ kind: 'damaged', functionId: call.id, key: call.key, reason, error });
  await call.store.remove([call.key]).catch(() => undefined); // the miss stands whether or not the debris goes
  return miss('damaged', error);
}

/** An entry that may be used, unread. */
export interface UsableEntry {
  readonly kind: 'entry';
  readonly entry: EntryRecord;
  readonly isStale: boolean;
}

/** The entry of a call, without its bytes; `isAsked`: whether its age and the validator are. Changes nothing. Never rejects. */
export async function findEntry(call: CachedCall, isAsked = true): Promise<UsableEntry | Miss> {
  try {
    const found = await call.store.find(call.key);
    if (found.kind === 'absent') return miss('absent');
    if (found.kind === 'unreadable') return miss(found.reason);
    const { entry } = found;
    const refusal = isAsked
      ? await refusalOf(call, entry.createdAt, async () => {
          const detail = await call.store.catalog.detail(entry.key);
          return detail && infoOf(detail, Date.now());
        })
      : undefined;
    return refusal ?? { kind: 'entry', entry, isStale: freshnessOf(call, entry.createdAt) === 'stale' };
  } catch (error) {
    return miss('storage-failed', error);
  }
}

/** A hit without a value, for callers that read the entry themselves. */
function unread({ entry, isStale }: UsableEntry): Hit {
  const { computeMs, sizeBytes, createdAt } = entry;
  const nothing = { value: undefined, copy: () => undefined, isUnread: true };
  return { kind: 'hit', source: 'storage', isStale, computeMs, sizeBytes, createdAt, ...nothing };
}

/** What packs or the shared tier have for the call, where it may be used. Never rejects. */
export async function findOffer(call: CachedCall): Promise<Offer | undefined> {
  const offer = await call.context.elsewhere?.find(call);
  const refusal = offer && (await refusalOf(call, offer.entry.createdAt, async () => offer.info()));
  return refusal ? undefined : offer;
}

/** Misses that something from elsewhere may mend. */
const mendable: readonly MissReason[] = ['absent', 'expired', 'damaged', 'format'];

async function findElsewhere(call: CachedCall, found: Miss): Promise<Hit | Miss> {
  const offer = mendable.includes(found.reason) ? await findOffer(call) : undefined;
  if (!offer) return found;
  try {
    const { source, sizeBytes, entry } = offer;
    const hit = await hitWith(call, { ...entry, source, sizeBytes }, await offer.load());
    call.context.elsewhere?.noteHit(source);
    void offer.keep(); // written behind: it never rejects
    return hit;
  } catch {
    return found; // said by where it came from
  }
}

/** Looks the call up in the store, or among what has no place there. Never rejects. */
async function findInStore(call: CachedCall, isUnread = false): Promise<Hit | Miss> {
  const held = call.context.tier.has(call.key) ? await findHeld(call) : undefined;
  if (held) return held;
  const found = await findEntry(call);
  if (found.kind === 'entry') return isUnread ? unread(found) : loadOrMiss(call, found.entry);
  return found.reason === 'damaged'
    ? damaged(call, new DamagedEntryError(call.key, 'its record is not whole'))
    : found;
}

/** Looks the call up in the store, and where that has nothing, elsewhere. Never rejects. */
export async function findStored(call: CachedCall, isUnread = false): Promise<Hit | Miss> {
  const found = await findInStore(call, isUnread);
  return found.kind === 'miss' && call.context.elsewhere ? findElsewhere(call, found) : found;
}
