/** What joblib prints at its levels of verbosity, on the console. */
import { previewOf } from '../values/values.ts';

const WIDTH = 80;

/** joblib's format: seconds and minutes, one decimal each. */
export const formatTime = (ms: number): string =>
  `${(ms / 1_000).toFixed(1)}s, ${(ms / 60_000).toFixed(1)}min`;

const print = (text: string): void => console.log(text);

const rightAligned = (text: string): string => '_'.repeat(Math.max(0, WIDTH - text.length)) + text;

/** Whose calls are printed, and from which level of verbosity on. */
export interface CallLog {
  readonly level: number;
  readonly name: string;
  /** Of the memory: performance.now() when it was made. */
  readonly startedAt: number;
}

/** ≥ 1: the call, before it is computed. */
export function calling({ level, name }: CallLog, args: readonly unknown[]): void {
  if (level >= 1) print(`${'_'.repeat(WIDTH)}\n[Memory] Calling ${name}...\n${name}${previewOf(args)}`);
}

/** ≥ 1: how long it took, to the right. */
export function returned({ level, name }: CallLog, ms: number): void {
  if (level >= 1) print(rightAligned(`${name} - ${formatTime(ms)}`));
}

/** > 1: a load; > 4: how long it took. */
export function loaded(
  { level, name, startedAt }: CallLog,
  { args, key }: { readonly args: readonly unknown[]; readonly key: string },
  ms: number,
): void {
  const since = formatTime(performance.now() - startedAt);
  const what = level >= 10 ? ` from ${key}` : '...';
  if (level > 1) print(`[Memory]${since}: Loading ${name}${previewOf(args)}${what}`);
  if (level > 4) print(rightAligned(`${name} cache loaded - ${formatTime(ms)}`));
}

/** ≥ 1: all results of the function are about to go. */
export function clearing({ level, name }: CallLog): void {
  if (level >= 1) print(`[Memory] Clearing ${name}`);
}

/** > 10: the steps in between. */
export function step({ level, name }: CallLog, text: string): void {
  if (level > 10) print(`[Memory] ${name}: ${text}`);
}
