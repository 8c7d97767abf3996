/** explain(): why a call would hit or miss, and how the nearest stored entry differs. Changes nothing. */

import {
  type CachedCall,
  type FunctionCalls,
  findEntry,
  findHeld,
  type IdentityKind,
} from '../calls/calls.ts';
import type { DetailRecord } from '../catalog/catalog.ts';
import type { MissReason } from '../events/events.ts';
import { changedDeclarations, isManifest, type KnownFunction } from '../fingerprint/fingerprint.ts';
import { type EntryInfo, infoOf } from '../options/options.ts';

/** One thing that keeps the nearest entry from being this call's. */
export interface Difference {
  readonly kind: 'argument' | 'captured' | 'code';
  /** `arguments[1].metric`, `captures.scale`, or the identity's kind for code. */
  readonly path: string;
  readonly text: string;
}

export interface Explanation {
  readonly hit: boolean;
  /** Where it is, for a hit; why not otherwise. 'memory': this realm alone keeps it. */
  readonly reason: 'memory' | 'storage' | MissReason | 'evicted';
  /** How the function's code is identified. */
  readonly identity: IdentityKind;
  readonly key: string;
  /** The stored entry of this function that agrees in most. */
  readonly nearest?: EntryInfo;
  readonly differences: readonly Difference[];
}

/** The plugin's fingerprint in what is kept of an identity. */
const fingerprintOf = (identity: string): string | undefined => /^plugin:(.+)$/.exec(identity)?.[1];

/** Names of the declarations that changed, as far as the manifests know both fingerprints. */
async function declarationsBetween(call: CachedCall, older: string, newer: string): Promise<string[]> {
  const manifests = (await call.context.options.manifests()).filter(isManifest);
  const find = (identity: string): KnownFunction | undefined =>
    manifests
      .flatMap((manifest) => Object.values(manifest.functions).map((known) => ({ manifest, known })))
      .find(({ known }) => known.fingerprint === fingerprintOf(identity));
  const [before, after] = [find(older), find(newer)];
  return before && after ? changedDeclarations(before, after) : [];
}

/** The difference in code between the nearest entry's function and this one, with names where they are known. */
async function withDeclarations(
  calls: FunctionCalls,
  call: CachedCall,
  detail: DetailRecord,
  differences: Difference[],
): Promise<Difference[]> {
  if (detail.functionKey === call.functionKey) return differences;
  const row = (await call.store.catalog.functions()).find(
    ({ functionKey }) => functionKey === detail.functionKey,
  );
  const names = await declarationsBetween(call, row?.identity ?? '', calls.keys.identityText);
  const path = calls.keys.identity.kind;
  return [...names.map((text): Difference => ({ kind: 'code', path, text })), ...differences];
}

/** How many entries, the last used first, are compared. */
const COMPARED = 500;

function differencesOf(
  mine: Readonly<Record<string, string>>,
  { digests, functionKey }: DetailRecord,
  call: CachedCall,
  identity: IdentityKind,
): Difference[] {
  const paths = [...new Set([...Object.keys(mine), ...Object.keys(digests)])];
  const differences = paths
    .filter((path) => mine[path] !== digests[path])
    .map((path): Difference => {
      const kind = path.startsWith('captures.') ? 'captured' : 'argument';
      const text = !(path in digests)
        ? `${path} is new`
        : !(path in mine)
          ? `${path} is gone`
          : `${path} differs`;
      return { kind, path, text };
    });
  if (functionKey === call.functionKey) return differences;
  const what = { plugin: 'the code that it reaches', version: 'its version or source', source: 'its source' }[
    identity
  ];
  return [{ kind: 'code', path: identity, text: `the function changed: ${what}` }, ...differences];
}

async function reasonOf(calls: FunctionCalls, call: CachedCall): Promise<Explanation['reason']> {
  const refusal = calls.refusalOf(call);
  if (refusal) return refusal.reason;
  const held = await findHeld(call);
  if (held) return held.kind === 'hit' ? 'memory' : held.reason;
  const found = await findEntry(call);
  if (found.kind === 'miss')
    return found.reason === 'absent' && call.context.evicted.has(call.key) ? 'evicted' : found.reason;
  try {
    await call.store.load(found.entry);
    return 'storage';
  } catch {
    return 'damaged';
  }
}

async function nearestOf(
  calls: FunctionCalls,
  call: CachedCall,
): Promise<Pick<Explanation, 'nearest' | 'differences'>> {
  const mine = await calls.keys.digestsOf(call.self, call.args);
  const query = {
    functionId: calls.id,
    order: 'lastUsedAt',
    direction: 'descending',
    limit: COMPARED,
  } as const;
  let best: { detail: DetailRecord; differences: Difference[] } | undefined;
  for (const detail of await call.store.catalog.details(query)) {
    if (detail.key === call.key) continue;
    const differences = differencesOf(mine, detail, call, calls.keys.identity.kind);
    if (!best || differences.length < best.differences.length) best = { detail, differences };
  }
  if (!best) return { differences: [] };
  const differences = await withDeclarations(calls, call, best.detail, best.differences);
  return { nearest: infoOf(best.detail, Date.now()), differences };
}

export async function explain(
  calls: FunctionCalls,
  self: unknown,
  args: readonly unknown[],
): Promise<Explanation> {
  const identity = calls.keys.identity.kind;
  const { store } = calls;
  if (!store) return { hit: false, reason: 'no-storage', identity, key: '', differences: [] };
  const call = await calls.callOf(store, self, args);
  const reason = await reasonOf(calls, call);
  if (reason === 'storage' || reason === 'memory')
    return { hit: true, reason, identity, key: call.key, differences: [] };
  return { hit: false, reason, identity, key: call.key, ...(await nearestOf(calls, call)) };
}
