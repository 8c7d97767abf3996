import { MANIFEST_FORMAT, type Manifest, type ManifestFunction } from '../../fingerprint/fingerprint.ts';
import type { AnalysedSite } from '../graph/analyser.ts';

/** Makes a manifest of all memoised functions of a build, sorted by id. */
export function createManifest(sites: Iterable<AnalysedSite>): Manifest {
  const functions = [...sites].map((analysed): [string, ManifestFunction] => [
    analysed.id,
    describe(analysed),
  ]);
  functions.sort(([left], [right]) => (left < right ? -1 : 1));
  return { format: MANIFEST_FORMAT, functions: Object.fromEntries(functions) };
}

function describe({ result, isPartial }: AnalysedSite): ManifestFunction {
  const nodes: Record<string, string> = {};
  for (const { label, hash } of result.nodes()) nodes[uniqueKey(nodes, label)] = hash;
  return {
    fingerprint: result.fingerprint,
    params: result.params,
    flags: isPartial ? ['partial'] : [],
    nodes,
    diagnostics: [...new Set(result.notes.map((note) => `${note.code} ${note.message}`))].sort(),
  };
}

function uniqueKey(nodes: Record<string, string>, label: string): string {
  let key = label;
  for (let count = 2; Object.hasOwn(nodes, key); count++) key = `${label}~${count}`;
  return key;
}

/** Reads a manifest, refusing anything else. */
export function parseManifest(text: string): Manifest {
  const content: unknown = JSON.parse(text);
  if (
    typeof content !== 'object' ||
    content === null ||
    !('format' in content) ||
    !('functions' in content)
  ) {
    throw new TypeError('Not a memo manifest: it has no "format" and "functions"');
  }
  if (content.format !== MANIFEST_FORMAT) {
    throw new RangeError(
      `Manifest format ${String(content.format)} is not readable, only ${MANIFEST_FORMAT}`,
    );
  }
  return content as Manifest; // written by createManifest of the same format
}
