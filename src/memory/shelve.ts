/** callAndShelve() and compute(): calls that return more than the value. */

import { type CachedCall, type FunctionCalls, findEntry, type Origin } from '../calls/calls.ts';
import { type EntryInfo, infoOf, unstoredInfo } from '../options/options.ts';
import { previewOf } from '../values/values.ts';
import { contentOf } from './shelf-access.ts';
import { HeldResult, type ShelvedResult, StoredResult } from './shelved-result.ts';

/** The entry of a call as a shelved result; undefined where there is none to use. */
async function shelved(
  calls: FunctionCalls,
  call: CachedCall,
  isHit: boolean,
): Promise<ShelvedResult | undefined> {
  const start = performance.now();
  if (calls.refusalOf(call)) return undefined;
  const found = await findEntry(call);
  if (found.kind === 'miss') return undefined;
  const detail = await call.store.catalog.detail(call.key);
  if (!detail) return undefined;
  const { computeMs, sizeBytes } = found.entry;
  if (isHit) calls.noteHit(call, { source: 'storage', isStale: found.isStale, computeMs, sizeBytes }, start);
  const digest = await calls.keys.hasher.digest(contentOf(found.entry));
  return new StoredResult(
    { context: calls.context, codecs: calls.options.codecs },
    infoOf(detail, Date.now()),
    digest,
  );
}

/** The result by reference: on a hit no data is read; on a miss it is computed first. */
export async function callAndShelve(
  calls: FunctionCalls,
  self: unknown,
  args: readonly unknown[],
  origin: Origin,
): Promise<ShelvedResult> {
  const { store } = calls;
  const call = store && (await calls.callOf(store, self, args));
  const found = call && (await shelved(calls, call, true).catch(() => undefined)); // a failing store is a miss
  if (found) return found;
  const start = performance.now();
  const { value, ended } = await calls.perform(self, args, { origin });
  const computeMs = performance.now() - start;
  await ended;
  const stored = call && (await shelved(calls, call, false).catch(() => undefined));
  return (
    stored ??
    new HeldResult(
      value,
      unstoredInfo({
        ...{ key: call?.key ?? '', functionId: calls.id, computeMs },
        argumentsPreview: previewOf(args),
      }),
      calls.options.codecs,
    )
  );
}

/** Computes whatever is stored, stores over it, and says what is known of the entry. */
export async function computeWithInfo(
  calls: FunctionCalls,
  self: unknown,
  args: readonly unknown[],
  origin: Origin,
): Promise<{ value: unknown; info: EntryInfo }> {
  const start = performance.now();
  const { store } = calls;
  const key = store && (await calls.callOf(store, self, args)).key;
  const { value, ended } = await calls.perform(self, args, { forceFresh: true, origin });
  const computeMs = performance.now() - start;
  await ended;
  const detail = key === undefined ? undefined : await store?.catalog.detail(key).catch(() => undefined);
  const unstored = (): EntryInfo =>
    unstoredInfo({
      ...{ key: key ?? '', functionId: calls.id, computeMs },
      argumentsPreview: previewOf(args),
    });
  return { value, info: detail ? infoOf(detail, Date.now()) : unstored() };
}
