/** One container that the walk is inside of. */
import { fieldStep, indexStep, mapStep, pathText, setStep } from '../values/values.ts';
import type { IgnoredNode } from './ignored-paths.ts';

/** How a container's members are written. */
export type FrameKind = 'fields' | 'array' | 'list' | 'map' | 'set' | 'custom';

/** Mutable on purpose: one is made for each container of the value. */
export interface Frame {
  kind: FrameKind;
  /** The object that a member below it may point back to. */
  readonly source: object;
  /** Members by position; for fields, their names. */
  items: readonly unknown[];
  /** The position after the one being walked; 0 before the first. */
  next: number;
  end: number;
  readonly ignored: IgnoredNode | undefined;
  /** Arrays: elements so far that were no holes. */
  presentCount: number;
  /** Arrays with holes: where the elements are. */
  present: readonly number[] | undefined;
  /** Sets: the stream set aside, and the digests of the members so far. */
  parked: Uint8Array | undefined;
  digests: string[];
}

const noDigests: string[] = [];

/** A frame before its first member. */
export function newFrame(
  kind: FrameKind,
  source: object,
  items: readonly unknown[],
  ignored: IgnoredNode | undefined,
): Frame {
  return {
    kind,
    source,
    items,
    next: 0,
    end: items.length,
    ignored,
    presentCount: 0,
    present: undefined,
    parked: undefined,
    digests: noDigests,
  };
}

/** What is ignored below the frame's current member. */
export function ignoredBelow(frame: Frame): IgnoredNode | undefined {
  if (frame.ignored === undefined) return undefined;
  if (frame.kind === 'array') return frame.ignored.below.get(String(frame.next - 1));
  if (frame.kind === 'fields') return frame.ignored.below.get(String(frame.items[frame.next - 1]));
  return undefined;
}

const stepOf = {
  fields: (frame) => fieldStep(String(frame.items[frame.next - 1])),
  array: (frame) => indexStep(frame.next - 1),
  map: (frame) => mapStep(frame.items, frame.next - 1),
  list: (frame) => setStep(frame.next - 1),
  set: (frame) => setStep(frame.next - 1),
  custom: () => '',
} satisfies Record<FrameKind, (frame: Frame) => string>;

/** The path of the member that is being walked. */
export function pathOfFrames(root: string, frames: readonly Frame[]): string {
  return pathText(
    root,
    frames.filter((frame) => frame.next > 0).map((frame) => stepOf[frame.kind](frame)),
  );
}
