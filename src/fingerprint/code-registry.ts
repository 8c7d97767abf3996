/**
 * What modules tell the page about themselves while they load: one registry per realm, made by whoever comes first, so
 * that the code which the plugin writes into a module needs no import.
 */

/** Module-level state as it is now. A new evaluation of the module (hot reload) replaces its cells. */
export interface StateCell {
  /** The value; throws a ReferenceError while its module is still being evaluated. */
  readonly read: () => unknown;
}

export interface CodeRegistry {
  /** State by `relative/path.ts#name`. */
  readonly cells: Map<string, StateCell>;
  /** Fingerprint of a function or class, of itself and all that it statically reaches. */
  readonly code: WeakMap<object, string>;
  /**
   * Functions that a cell held when its module had loaded, by `cell~number`. They count as the code of that cell, and so
   * say what they are only beside the fingerprint of a function that reaches it: never for arguments or receivers.
   */
  readonly loaded: WeakMap<object, string>;
}

/** Where a realm's registry is found, in the text that the plugin writes as well. */
export const REGISTRY_NAME = 'keepsake.code';

/** The registry of this realm. */
export function codeRegistry(): CodeRegistry {
  const realm: { [name: symbol]: unknown } = globalThis;
  const name = Symbol.for(REGISTRY_NAME);
  realm[name] ??= { cells: new Map(), code: new WeakMap(), loaded: new WeakMap() };
  // Only this function, and text that the plugin writes to match it, set the property.
  return realm[name] as CodeRegistry;
}
