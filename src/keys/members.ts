/** How the members of each kind of container are written: up to the next one that is a container itself. */
import { kindOf, namedMembers, presentIndices, readField } from '../values/values.ts';
import type { Frame, FrameKind } from './frame.ts';
import { tags } from './key-format.ts';
import type { Walk } from './walk.ts';
import { writeHidden } from './writers.ts';

/** Whether a member counts as left out: an AbortSignal. The cheap looks come first. */
function isAbsent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.getPrototypeOf(value) !== Object.prototype && kindOf(value) === 'abort-signal';
}

const isIgnored = (frame: Frame, name: string): boolean => frame.ignored?.below.get(name)?.isIgnored === true;

function writeFields(walk: Walk, frame: Frame): void {
  const { depth, stream } = walk;
  while (frame.next < frame.end) {
    // Frames of fields have names for items.
    const name = frame.items[frame.next++] as string;
    if (isIgnored(frame, name)) continue;
    const value = readField(frame.source, name);
    if (isAbsent(value)) continue;
    stream.tag(tags.field);
    stream.text(name);
    walk.write(value);
    if (walk.depth !== depth) return;
  }
  stream.tag(tags.end);
  walk.leave();
}

/** Index of the first element at or after `index` that is no hole; the array's length if there is none. */
function nextPresent(frame: Frame, index: number): number {
  frame.present ??= presentIndices(frame.items);
  let low = 0;
  let high = frame.present.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frame.present[middle] ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return frame.present[low] ?? frame.items.length;
}

function writeElements(walk: Walk, frame: Frame): void {
  const { depth, stream } = walk;
  while (frame.next < frame.end) {
    const index = frame.next++;
    const value = frame.items[index];
    if (value === undefined && !Object.hasOwn(frame.items, index)) {
      frame.next = nextPresent(frame, index);
      stream.tag(tags.holes);
      stream.count(frame.next - index);
      continue;
    }
    frame.presentCount++;
    const isLeftOut = frame.ignored !== undefined && isIgnored(frame, String(index));
    walk.write(isLeftOut ? undefined : value);
    if (walk.depth !== depth) return;
  }
  // Named members are fields like an object's, none of them included.
  frame.kind = 'fields';
  const { names, hidden } = namedMembers(frame.items, frame.presentCount);
  frame.items = hidden ? [...names, ...writeHidden(walk, hidden)].sort() : names.sort();
  frame.next = 0;
  frame.end = frame.items.length;
}

function writeItems(walk: Walk, frame: Frame): void {
  const { depth } = walk;
  while (frame.next < frame.end) {
    walk.write(frame.items[frame.next++]);
    if (walk.depth !== depth) return;
  }
  walk.leave();
}

/** Each member is a stream of its own, so that the order of members cannot matter. */
function writeMembers(walk: Walk, frame: Frame): void {
  const { stream } = walk;
  if (frame.parked === undefined) {
    frame.parked = stream.park();
    frame.digests = [];
  } else {
    frame.digests.push(stream.digest());
    stream.reset();
  }
  if (frame.next < frame.end) {
    walk.write(frame.items[frame.next++]);
    return;
  }
  stream.resume(frame.parked);
  stream.tag(tags.set);
  stream.count(frame.digests.length);
  for (const digest of frame.digests.sort()) stream.text(digest);
  walk.leave();
}

/** The writers of members by kind of container. */
export const memberWriters = {
  fields: writeFields,
  array: writeElements,
  list: writeItems,
  map: writeItems,
  set: writeMembers,
  custom: writeItems,
} satisfies Record<FrameKind, (walk: Walk, frame: Frame) => void>;
