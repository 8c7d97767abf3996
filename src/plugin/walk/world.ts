import type { GlobPatterns, ModuleSummary } from '../summary/module-summary.ts';

/** What an import specifier stands for. Paths are real paths. */
export type Resolution =
  | { readonly kind: 'module'; readonly path: string }
  /** A module that is run as a whole: a worker's entry. */
  | { readonly kind: 'executed'; readonly path: string }
  | { readonly kind: 'json'; readonly path: string }
  /** `query` says in which form: its URL, its text… */
  | { readonly kind: 'bytes'; readonly path: string; readonly query: string; readonly isStyle: boolean }
  | {
      readonly kind: 'package';
      readonly name: string;
      readonly token: string;
      readonly subpath: string;
      /** The files that say which version it is, and how it is patched. */
      readonly files: readonly string[];
    }
  /** Keepsake itself, which is no part of any function. */
  | { readonly kind: 'library' }
  /** Something that cannot be followed; its bytes count where it has any. */
  | { readonly kind: 'opaque'; readonly reason: string; readonly path?: string };

/** The facts of one file: which of them exist depends on its kind. */
export interface FileFacts {
  readonly digest: string;
  readonly summary?: ModuleSummary;
  readonly json?: unknown;
}

/** Files that match a glob by the key that the program sees, sorted by path; and a pattern that leads nowhere. */
export interface GlobAnswer {
  readonly files: readonly (readonly [key: string, path: string])[];
  readonly unresolved?: string;
}

/** A question that the walk could not go on without. */
export type Request =
  | { readonly kind: 'resolve'; readonly importer: string; readonly source: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'glob'; readonly importer: string; readonly glob: GlobPatterns };

/** All that is known so far. The walk reads it and asks for the rest, so that the walk itself stays pure. */
export interface World {
  /** Label of a path: relative to the project, with forward slashes. */
  label(path: string): string;
  resolve(importer: string, source: string): Resolution | undefined;
  file(path: string): FileFacts | undefined;
  glob(importer: string, glob: GlobPatterns): GlobAnswer | undefined;
  /** Values of `define` names and of `import.meta.env`, by their dotted name, as source text. */
  readonly constants: ReadonlyMap<string, string>;
  /** Those of them whose text does not say their value. */
  readonly unreadable: ReadonlySet<string>;
  /** Undeclared names that the bundler imports. */
  readonly provided: ReadonlyMap<string, { readonly source: string; readonly name: string }>;
  /** Enters every fingerprint. */
  readonly salt: string;
}

/** An entry of a record that came from JSON, never one of Object.prototype. */
export function ownEntry<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
