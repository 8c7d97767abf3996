/** explain(): why a call would hit or miss, and how the nearest stored entry differs. Changes nothing. */

import {
  type CachedCall,
  type FunctionCalls,
  findEntry,
  findHeld,
  type IdentityKind,
  type MemoryContext,
} from '../calls/calls.ts';
import type { DetailRecord } from '../catalog/catalog.ts';
import type { MissReason } from '../events/events.ts';
import { changedDeclarations, isManifest, type KnownFunction } from '../fingerprint/fingerprint.ts';
import { type EntryInfo, infoOf } from '../options/options.ts';
import type { Store } from '../store/store.ts';

/** One thing that keeps the nearest entry from being this call's. */
export interface Difference {
  readonly kind: 'argument' | 'captured' | 'state' | 'code';
  /** `arguments[1].metric`, `captures.scale`, `state["src/config.ts#gain"]`, or the identity's kind for code. */
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

/** Whose differences from stored entries are looked for: a call, or an entry. */
interface Asked {
  readonly context: MemoryContext;
  readonly store: Store;
  readonly functionId: string;
  readonly functionKey: string;
  readonly key: string;
  readonly kind: IdentityKind;
  readonly identity: string;
  /** Digests by path. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Names of the declarations that changed, as far as the manifests know both fingerprints. */
async function declarationsBetween(asked: Asked, older: string, newer: string): Promise<string[]> {
  const manifests = (await asked.context.options.manifests()).filter(isManifest);
  const find = (identity: string): KnownFunction | undefined =>
    manifests
      .flatMap((manifest) => Object.values(manifest.functions).map((known) => ({ manifest, known })))
      .find(({ known }) => known.fingerprint === fingerprintOf(identity));
  const [before, after] = [find(older), find(newer)];
  return before && after ? changedDeclarations(before, after) : [];
}

/** The difference in code between the nearest entry's function and this one, with names where they are known. */
async function withDeclarations(
  asked: Asked,
  detail: DetailRecord,
  differences: Difference[],
): Promise<Difference[]> {
  if (detail.functionKey === asked.functionKey) return differences;
  const row = (await asked.store.catalog.functions()).find(
    ({ functionKey }) => functionKey === detail.functionKey,
  );
  const names = await declarationsBetween(asked, row?.identity ?? '', asked.identity);
  const path = asked.kind;
  return [...names.map((text): Difference => ({ kind: 'code', path, text })), ...differences];
}

/** How many entries, the last used first, are compared. */
const COMPARED = 500;

function partOf(path: string): Difference['kind'] {
  if (path.startsWith('captures.')) return 'captured';
  return path.startsWith('state[') ? 'state' : 'argument';
}

function differencesOf(
  { digests: mine, functionKey: own, kind: identity }: Asked,
  { digests, functionKey }: DetailRecord,
): Difference[] {
  const paths = [...new Set([...Object.keys(mine), ...Object.keys(digests)])];
  const differences = paths
    .filter((path) => mine[path] !== digests[path])
    .map((path): Difference => {
      const text = !(path in digests)
        ? `${path} is new`
        : !(path in mine)
          ? `${path} is gone`
          : `${path} differs`;
      return { kind: partOf(path), path, text };
    });
  if (functionKey === own) return differences;
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

async function nearestOf(asked: Asked): Promise<Pick<Explanation, 'nearest' | 'differences'>> {
  const query = {
    functionId: asked.functionId,
    order: 'lastUsedAt',
    direction: 'descending',
    limit: COMPARED,
  } as const;
  let best: { detail: DetailRecord; differences: Difference[] } | undefined;
  for (const detail of await asked.store.catalog.details(query)) {
    if (detail.key === asked.key) continue;
    const differences = differencesOf(asked, detail);
    if (!best || differences.length < best.differences.length) best = { detail, differences };
  }
  if (!best) return { differences: [] };
  const differences = await withDeclarations(asked, best.detail, best.differences);
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
  if (!calls.keys.isOpen) return { hit: false, reason, identity, key: '', differences: [] };
  const asked = {
    ...{ context: call.context, store, functionId: calls.id, functionKey: call.functionKey, key: call.key },
    ...{ kind: identity, identity: calls.keys.identityText },
    digests: await calls.keys.digestsOf(call.self, call.args),
  };
  return { hit: false, reason, identity, key: call.key, ...(await nearestOf(asked)) };
}

const kindOf = (identity: string): IdentityKind =>
  identity.startsWith('plugin') ? 'plugin' : identity.startsWith('version') ? 'version' : 'source';

/** What is stored under the key, and how the other entry of its function that agrees in most differs from it. */
export async function explainEntry(context: MemoryContext, store: Store, key: string): Promise<Explanation> {
  const [detail, rows] = await Promise.all([store.catalog.detail(key), store.catalog.functions()]);
  if (!detail) return { hit: false, reason: 'absent', identity: 'source', key, differences: [] };
  const { functionId, functionKey, digests = {} } = detail;
  const identity = rows.find((row) => row.functionKey === functionKey)?.identity ?? '';
  const asked = { context, store, functionId, functionKey, key, kind: kindOf(identity), identity, digests };
  return { hit: true, reason: 'storage', identity: asked.kind, key, ...(await nearestOf(asked)) };
}
