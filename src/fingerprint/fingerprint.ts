/**
 * The contract between the build plugin and the page. The plugin writes one FunctionFacts literal as the third argument
 * of `memory.cache(fn, options, facts)`, or as the argument of the bare decorator's `memory.cache.meta(facts)`.
 */

export { type CodeRegistry, codeRegistry, REGISTRY_NAME, type StateCell } from './code-registry.ts';
export {
  changedDeclarations,
  type Declaration,
  isManifest,
  type KnownFunction,
  MANIFEST_FORMAT,
  type Manifest,
  type ManifestFunction,
} from './manifest.ts';

/** Digest of a function and everything that it statically reaches: 22 base64url characters. */
export type Fingerprint = string & { readonly brand: 'Fingerprint' };

/** What the build plugin knows of a cached function. */
export interface FunctionFacts {
  /** Label: `relative/path.ts#enclosing.names`. Never the only thing that tells two functions apart. */
  readonly id: string;
  readonly fingerprint: Fingerprint | string;
  /** Source text of each parameter's name: `n`, `{a,b}` for a pattern, `...rest`. */
  readonly params: readonly string[];
  /** Values of the enclosing variables that the function reads; they enter the key. */
  readonly captures?: (this: unknown) => Record<string, unknown>;
  /** Data fields that a cached method reads from `this`; they enter the key. */
  readonly thisProps?: readonly string[];
  /**
   * Cells of the realm's code registry that the function reaches; what they hold at the call enters the key. `!` stands
   * before one that cannot be read, `?` before one that counts where others hold functions.
   */
  readonly state?: readonly string[];
  /** Whether the function reads a `this` of its own: its receiver enters the key, or it is not kept. */
  readonly usesThis?: boolean;
  /** Whether it sees how many arguments it was given: rest parameters, `arguments`. */
  readonly countsArguments?: boolean;
  /** `partial`: the function reaches code that the plugin cannot follow, so it is kept only with a `version`. */
  readonly flags?: readonly FactFlag[];
  /**
   * Development only: asks the server whether the fingerprint is still that of the files on disk. To be asked before a
   * result is written, because a change may not have reached the page yet. False also where nobody answers.
   */
  readonly isCurrent?: () => Promise<boolean>;
}

export type FactFlag = 'partial';

/** Whether a value read from a call site has the shape of facts. */
export function isFunctionFacts(value: unknown): value is FunctionFacts {
  if (typeof value !== 'object' || value === null) return false;
  const facts = value as Partial<FunctionFacts>; // narrowed field by field below
  return typeof facts.id === 'string' && typeof facts.fingerprint === 'string' && Array.isArray(facts.params);
}
