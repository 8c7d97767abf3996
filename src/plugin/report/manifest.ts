import {
  type Declaration,
  isManifest,
  MANIFEST_FORMAT,
  type Manifest,
  type ManifestFunction,
} from '../../fingerprint/fingerprint.ts';
import type { AnalysedSite } from '../graph/analyser.ts';
import { SUMMARY_FORMAT } from '../summary/module-summary.ts';
import type { CodeNode } from '../walk/code-graph.ts';

/** Characters of a declaration's digest: enough to tell its states apart, and half as long as the whole. */
const ownLength = 11;

/** Makes a manifest of all memoised functions of a build, sorted by id. */
export function createManifest(sites: Iterable<AnalysedSite>, salt = ''): Manifest {
  const table = new DeclarationTable();
  const functions: Record<string, ManifestFunction> = {};
  const byId = [...sites].sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
  for (const { id, result, isPartial } of byId) {
    functions[unused(id, (key) => Object.hasOwn(functions, key))] = {
      fingerprint: result.fingerprint,
      params: result.params,
      flags: isPartial ? ['partial'] : [],
      roots: result.roots.map((node) => table.placeOf(node)),
      diagnostics: [...new Set(result.notes.map((note) => `${note.code} ${note.message}`))].sort(),
    };
  }
  return { format: MANIFEST_FORMAT, algorithm: SUMMARY_FORMAT, salt, declarations: table.list(), functions };
}

/** Everything that some function reaches, once. */
class DeclarationTable {
  readonly #places = new Map<CodeNode, number>();
  readonly #labels = new Set<string>();

  placeOf(node: CodeNode): number {
    const known = this.#places.get(node);
    if (known !== undefined) return known;
    this.#places.set(node, this.#places.size);
    return this.#places.size - 1;
  }

  list(): Declaration[] {
    const declarations: Declaration[] = [];
    // A map that grows while it is iterated also yields what was added.
    for (const { label, contents } of this.#places.keys()) {
      const name = unused(label, (key) => this.#labels.has(key));
      this.#labels.add(name);
      const uses = (contents?.edges ?? []).map((edge) => this.placeOf(edge));
      declarations.push([name, (contents?.own ?? '').slice(0, ownLength), ...uses]);
    }
    return declarations;
  }
}

/** A key, or where it is taken the key with a number. */
function unused(key: string, isTaken: (key: string) => boolean): string {
  let free = key;
  for (let count = 2; isTaken(free); count++) free = `${key}~${count}`;
  return free;
}

/** Reads a manifest, refusing anything else. */
export function parseManifest(text: string): Manifest {
  const content: unknown = JSON.parse(text);
  if (isManifest(content)) return content;
  if (typeof content !== 'object' || content === null || !('format' in content)) {
    throw new TypeError('Not a memo manifest: it has no "format"');
  }
  throw new RangeError(`Manifest format ${String(content.format)} is not readable, only ${MANIFEST_FORMAT}`);
}
