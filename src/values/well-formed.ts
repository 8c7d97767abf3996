/** Texts that UTF-8 has no form for. */

type WellFormedText = string & { isWellFormed?(): boolean };

/** With `u` a pattern goes by code points: halves of a pair are no surrogates to it. */
const loneSurrogate = /\p{Surrogate}/u;

/** Whether every surrogate has its other half. Engines before 2023 have no method for it. */
export function isWellFormed(text: WellFormedText): boolean {
  return text.isWellFormed === undefined ? !loneSurrogate.test(text) : text.isWellFormed();
}
