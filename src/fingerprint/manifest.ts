/** The manifest that a build emits: what each cached function reaches. Two of them tell why a fingerprint changed. */

export const MANIFEST_FORMAT = 2;

/** A declaration or an input: its label, a digest of itself alone, and the places in the list of what it uses. */
export type Declaration = readonly [label: string, own: string, ...uses: number[]];

/** What one build knows of one cached function. */
export interface ManifestFunction {
  readonly fingerprint: string;
  readonly params: readonly string[];
  readonly flags: readonly string[];
  /** Places of the function itself and of what runs when its modules are evaluated; the rest is reached from there. */
  readonly roots: readonly number[];
  readonly diagnostics: readonly string[];
}

export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  /** What enters every fingerprint: the form of skeletons, and the option `salt`. */
  readonly algorithm: string;
  readonly salt: string;
  readonly declarations: readonly Declaration[];
  readonly functions: Readonly<Record<string, ManifestFunction>>;
}

/** Whether parsed JSON is a manifest that this version reads. */
export function isManifest(content: unknown): content is Manifest {
  if (typeof content !== 'object' || content === null) return false;
  return (
    'format' in content &&
    content.format === MANIFEST_FORMAT &&
    'functions' in content &&
    typeof content.functions === 'object' &&
    'declarations' in content &&
    Array.isArray(content.declarations)
  );
}

/** A function and the manifest that it stands in. */
export interface KnownFunction {
  readonly manifest: Manifest;
  readonly known: ManifestFunction;
}

interface Reached {
  readonly own: string;
  readonly uses: readonly string[];
}

/** Everything that a function reaches, by label. */
function reachedBy({ manifest, known }: KnownFunction): Map<string, Reached> {
  const labelOf = (place: number): string => manifest.declarations[place]?.[0] ?? '';
  const places = new Set(known.roots);
  const reached = new Map<string, Reached>();
  // A set that grows while it is iterated also yields what was added.
  for (const place of places) {
    const [label = '', own = '', ...uses] = manifest.declarations[place] ?? [];
    for (const use of uses) places.add(use);
    reached.set(label, { own, uses: uses.map(labelOf) });
  }
  return reached;
}

/** Which declarations make the difference between two fingerprints of a function. */
export function changedDeclarations(older: KnownFunction, newer: KnownFunction): string[] {
  const before = reachedBy(older);
  const after = reachedBy(newer);
  const causes: string[] = [];
  const told = new Set<string>();
  for (const [label, { own, uses }] of after) {
    const old = before.get(label);
    if (old === undefined) continue;
    if (old.own !== own) {
      causes.push(`${label} changed`);
      continue;
    }
    // The text is the same, so that what it uses stands in the same places.
    for (const [place, from] of old.uses.entries()) {
      const to = uses[place] ?? '';
      if (from === to) continue;
      for (const each of [from, to]) told.add(each);
      const isRenamed = !before.has(to) && !after.has(from) && before.get(from)?.own === after.get(to)?.own;
      if (!isRenamed) causes.push(`${label} uses ${to} instead of ${from}`);
    }
  }
  for (const label of after.keys())
    if (!before.has(label) && !told.has(label)) causes.push(`${label} is new`);
  for (const label of before.keys())
    if (!after.has(label) && !told.has(label)) causes.push(`${label} is gone`);
  return [...causes, ...(causes.length === 0 ? settingsBetween(older, newer) : [])];
}

function settingsBetween(older: KnownFunction, newer: KnownFunction): string[] {
  const [before, after] = [older.manifest, newer.manifest];
  if (before.algorithm !== after.algorithm) return ['the plugin reads code in another way than before'];
  if (before.salt !== after.salt) return ['the option "salt" changed'];
  const labels = ({ manifest, known }: KnownFunction): string =>
    JSON.stringify(known.roots.map((place) => manifest.declarations[place]?.[0]));
  if (labels(older) !== labels(newer)) return ['the modules that it reaches run in another order'];
  return ['something that the manifests do not name changed'];
}
