/** Says once per function, on the console, what keeps its calls from ever being answered, and what would help. */
import type { SkipReason } from '../events/events.ts';
import type { CallHistory, Digests } from './call-history.ts';
import { noticeOnce } from './untold.ts';

/** Calls without a hit in between after which a function is looked at. */
const CALLS = 3;

/** Members that are made anew for each object, by name or by look. */
const freshName =
  /(?:^|[._])(?:(?:g|u)?uid|uuid|_?id|key|nonce|seed|version|rev(?:ision)?|time(?:stamp)?|now|date|(?:created|updated|modified)\w*|session\w*)$/i;
const freshText = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
/** Milliseconds since 1970, of this century. */
const isTime = (value: unknown): boolean => typeof value === 'number' && value > 9e11 && value < 5e12;

const isFresh = (path: string, value: unknown): boolean =>
  freshName.test(path) || isTime(value) || (typeof value === 'string' && freshText.test(value));

/** Paths at which two calls differ. */
export function differingPaths(before: Digests, after: Digests): string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => before[path] !== after[path]);
}

/** The "ignore" of a path: `arguments[0].uuid` → `'0.uuid'`. */
const ignoreOf = (path: string): string => `"ignore: ['${path.replace(/^arguments\[(\d+)\]/, '$1')}']"`;

/** A call found nothing stored, and is computed. */
export function noteMissed(
  history: CallHistory,
  digests: Digests,
  values: () => ReadonlyMap<string, unknown>,
): void {
  if (history.wasAnswered) return;
  const calls = history.misses;
  calls.push(digests);
  if (calls.length < CALLS) return;
  const [first = {}, second = {}, third = {}] = calls;
  calls.shift();
  const paths = differingPaths(second, third);
  const isOtherEachTime = paths.every(
    (path) => new Set([first[path], second[path], third[path]]).size === CALLS,
  );
  const isAlike = paths.length > 0 && paths.length < Object.keys(third).length;
  if (!isAlike || !isOtherEachTime || differingPaths(first, second).join() !== paths.join()) return;
  const known = values();
  const [path = ''] = paths;
  if (!paths.every((each) => isFresh(each, known.get(each)))) return;
  const text = `was computed ${CALLS} times and never answered from the store: its calls differ in ${paths.join(' and ')} alone`;
  say(
    history,
    `${text}; leave that out with ${ignoreOf(path)}, pass the same value again, or give the call's identity with the "key" option`,
  );
}

/** A value was not kept. */
export function noteSkipped(
  history: CallHistory,
  reason: SkipReason,
  { error, path }: { readonly error?: unknown; readonly path?: string | undefined },
): void {
  if (reason === 'unserializable' && error instanceof Error)
    say(history, `is computed and not kept. ${error.message}`);
  if (reason === 'changed-while-storing')
    say(
      history,
      'returned memory that was changed before it was stored, by itself or by its caller, so that the result is not kept; return a copy, such as "result.slice()"',
    );
  if (reason !== 'arguments-changed') return;
  if (path?.startsWith('state[')) {
    const cure = 'keep counts and logs out of the function (who listens to "compute" can keep them)';
    say(
      history,
      `is computed and not kept: ${path} changed while it ran, by the function itself or by others; ${cure}, or pass what it reads as an argument`,
    );
    return;
  }
  const what = path ?? 'one of its arguments';
  const cure = path === undefined ? 'the "ignore" option' : ignoreOf(path);
  say(
    history,
    `is computed and not kept: ${what} changed while it ran; pass a copy to whoever changes it, leave it out with ${cure}, or pass a codec for its class in the "codecs" option`,
  );
}

function say({ memory, id }: CallHistory, text: string): void {
  noticeOnce(JSON.stringify([memory, id, 'never']), 'warn', `${id} ${text}`);
}
