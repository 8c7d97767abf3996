import { changedDeclarations, type Manifest } from '../../fingerprint/fingerprint.ts';

/** What a release does to the caches that the release before it left in browsers. */
export interface ManifestDiff {
  /** Functions whose results are computed anew, and the declarations that did it. */
  readonly lost: readonly { readonly id: string; readonly causes: readonly string[] }[];
  readonly kept: readonly string[];
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Compares the manifests of two builds. */
export function diffManifests(older: Manifest, newer: Manifest): ManifestDiff {
  const gone = Object.keys(older.functions).filter((id) => !Object.hasOwn(newer.functions, id));
  const fresh = Object.keys(newer.functions).filter((id) => !Object.hasOwn(older.functions, id));
  const renamed = gone.flatMap((from) => {
    const fingerprint = older.functions[from]?.fingerprint;
    const to = fresh.find((id) => newer.functions[id]?.fingerprint === fingerprint);
    return to === undefined ? [] : [{ from, to }];
  });
  const both = Object.keys(older.functions).filter((id) => Object.hasOwn(newer.functions, id));
  const isSame = (id: string): boolean =>
    older.functions[id]?.fingerprint === newer.functions[id]?.fingerprint;
  return {
    lost: both.filter((id) => !isSame(id)).map((id) => ({ id, causes: changesOf(id, older, newer) })),
    kept: both.filter(isSame),
    renamed,
    added: fresh.filter((id) => !renamed.some((each) => each.to === id)),
    removed: gone.filter((id) => !renamed.some((each) => each.from === id)),
  };
}

function changesOf(id: string, older: Manifest, newer: Manifest): string[] {
  const [before, after] = [older.functions[id], newer.functions[id]];
  if (!before || !after) return [];
  return changedDeclarations({ manifest: older, known: before }, { manifest: newer, known: after });
}

/** The comparison as text, the losses first. */
export function describeDiff(diff: ManifestDiff): string {
  const lines = diff.lost.flatMap(({ id, causes }) => [
    `${id} loses its cache:`,
    ...causes.map((cause) => `  ${cause}`),
  ]);
  lines.push(...diff.renamed.map(({ from, to }) => `${from} is now ${to} and keeps its cache`));
  lines.push(...diff.added.map((id) => `${id} is new`), ...diff.removed.map((id) => `${id} is gone`));
  const total = diff.lost.length + diff.kept.length + diff.renamed.length;
  lines.push(`${diff.lost.length} of ${total} functions lose their cache`);
  return lines.join('\n');
}
