/**
 * Functions under way in this realm, and the memory that they return. Of two runs that overlap and return the same
 * memory, the later one may have filled it before the earlier one's bytes were taken.
 */

/** One run of a function. */
export interface Run {
  readonly fn: object;
  /** The runs that were under way when this one ended. */
  overlapping: ReadonlySet<Run>;
  /** Its bytes cannot be trusted. */
  isSpoilt: boolean;
  /** Called where that turns out late. */
  onSpoilt?: () => void;
}

const underWay = new Set<Run>();
/** Who returned the memory and can still be spoilt by a run that is under way. */
const returnedBy = new WeakMap<ArrayBufferLike, readonly Run[]>();
/** Runs that are remembered of one memory: where one hangs, the others would be for ever. */
const REMEMBERED = 16;

export function beginRun(fn: object): Run {
  const run: Run = { fn, overlapping: new Set(), isSpoilt: false };
  underWay.add(run);
  return run;
}

/** The run is over. */
export function endRun(run: Run): void {
  underWay.delete(run);
  run.overlapping = new Set(underWay);
}

/** Notes what memory the value of a run that is over reaches. Returns whether some of it was returned before. */
export function noteMemory(run: Run, memory: readonly ArrayBufferLike[]): boolean {
  let isReused = false;
  for (const buffer of memory) {
    const earlier = returnedBy.get(buffer);
    isReused ||= earlier !== undefined;
    for (const one of earlier ?? []) if (one.overlapping.has(run)) spoil(one);
    const open = [...(earlier ?? []), run].filter(canBeSpoilt);
    returnedBy.set(buffer, open.slice(-REMEMBERED));
  }
  // Another run of a function that shares its memory may have begun to fill it.
  if (isReused && [...run.overlapping].some(({ fn }) => fn === run.fn)) spoil(run);
  return isReused;
}

const canBeSpoilt = ({ isSpoilt, overlapping }: Run): boolean =>
  !isSpoilt && [...overlapping].some((run) => underWay.has(run));

function spoil(run: Run): void {
  if (run.isSpoilt) return;
  run.isSpoilt = true;
  run.onSpoilt?.();
}
