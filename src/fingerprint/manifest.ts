/** The manifest that a build emits: what each cached function reaches. Two of them tell why a fingerprint changed. */

export const MANIFEST_FORMAT = 1;

/** What one build knows of one cached function. */
export interface ManifestFunction {
  readonly fingerprint: string;
  readonly params: readonly string[];
  readonly flags: readonly string[];
  /** Every declaration and input that the function reaches, with a digest of that alone. */
  readonly nodes: Readonly<Record<string, string>>;
  readonly diagnostics: readonly string[];
}

export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  readonly functions: Readonly<Record<string, ManifestFunction>>;
}

/** Whether parsed JSON is a manifest that this version reads. */
export function isManifest(content: unknown): content is Manifest {
  if (typeof content !== 'object' || content === null) return false;
  return (
    'format' in content &&
    content.format === MANIFEST_FORMAT &&
    'functions' in content &&
    typeof content.functions === 'object'
  );
}

/** Which declarations make the difference between two fingerprints of a function. */
export function changedDeclarations(
  older: ManifestFunction | undefined,
  newer: ManifestFunction | undefined,
): string[] {
  const before = older?.nodes ?? {};
  const after = newer?.nodes ?? {};
  const labels = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const causes = labels.flatMap((label) => {
    if (before[label] === after[label]) return [];
    if (before[label] === undefined) return [`${label} is new`];
    return [after[label] === undefined ? `${label} is gone` : `${label} changed`];
  });
  return causes.length > 0 ? causes : ['the order of what it reaches changed'];
}
