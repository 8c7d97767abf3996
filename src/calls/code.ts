/** What reads the code of functions and classes, and what they hold: fetched where a call's key depends on it. */
export { CallContext } from './call-context.ts';
export { isSelfContained } from './code-text.ts';
