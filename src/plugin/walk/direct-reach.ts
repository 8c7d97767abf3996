import { withoutGlobalObject } from '../summary/global-notes.ts';
import type { CodeGraph, CodeNode } from './code-graph.ts';
import type { Effects } from './effects.ts';
import { keyOf, type PlacedUse, packageOf } from './use-graph.ts';

/** Whether code that names these globals reads one of them, or the whole of which it is a part. */
export const readsGlobal = (globals: ReadonlySet<string>, name: string): boolean =>
  globals.has(name) || globals.has(`=${name.split('.')[0]}`);

/**
 * The items that the function's own code reaches, in contrast to those that only code reaches which fills its state while
 * modules load. The latter can make a difference through that state alone: as its values are read at the call, what such
 * code reads matters only where it left functions there. An effect on anything whose value is not read counts in full.
 */
export class DirectReach {
  readonly items = new Set<string>();
  readonly #graph: CodeGraph;
  readonly #effects: Effects;
  /** Keys of state that is read at the call. */
  readonly #live: ReadonlySet<string>;
  readonly #seen = new Set<CodeNode>();
  /** The globals that it reads. */
  readonly globals = new Set<string>();
  readonly #packages = new Set<string>();

  constructor(graph: CodeGraph, root: CodeNode, effects: Effects, live: ReadonlySet<string>) {
    this.#graph = graph;
    this.#effects = effects;
    this.#live = live;
    this.#reach(root);
    const open = new Set(effects.nodes());
    for (let count = -1; count !== open.size; ) {
      count = open.size;
      for (const node of open) {
        if (!this.#counts(node)) continue;
        open.delete(node);
        this.#reach(node);
      }
    }
  }

  #reach(start: CodeNode): void {
    const pending = [start];
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (this.#seen.has(node)) continue;
      this.#seen.add(node);
      const { key, place, label, contents } = node;
      if (place) this.items.add(key);
      if (label.startsWith('package ')) this.#packages.add(packageOf(label));
      for (const name of contents?.globals ?? []) this.globals.add(name);
      const edges = contents?.edges ?? [];
      // Who writes to a declaration stands behind all that the declaration is made of.
      const item = place && this.#live.has(key) ? this.#graph.uses.itemOf(place) : undefined;
      pending.push(...edges.slice(0, edges.length - (item?.writers.length ?? 0)));
    }
  }

  #counts(node: CodeNode): boolean {
    return this.#effects.changesBy(node)?.some((change) => this.#isUnread(change)) ?? true;
  }

  /** Whether something is changed that the function reaches, but whose value is not read at the call. */
  #isUnread({ use, target, by, key }: PlacedUse): boolean {
    if (use.of === 'builtin') return true;
    if (typeof use.of === 'string')
      return readsGlobal(this.globals, withoutGlobalObject(use.of.slice('global:'.length)));
    if (key === undefined) return false;
    if (target.kind === 'input') return this.#packages.has(key);
    if (!this.items.has(key) || this.#live.has(key)) return false;
    // What the function's own code hands around, it does whenever it runs.
    return /^(?:write|receiver)$/.test(use.how) || !this.items.has(keyOf(by));
  }
}
