/** A node of the code graph, and what writing one needs. */
import type { Site } from '../summary/module-summary.ts';
import type { PlacedNote, Targets } from './targets.ts';
import type { ItemPlace } from './use-graph.ts';
import type { World } from './world.ts';

/** Asks a writer for one node. */
export type Write = (writer: CodeWriter) => void;

export interface CodeWriter {
  writeItem(path: string, index: number): void;
  writeNamespace(path: string): void;
  writeRun(path: string): void;
  writeBareImport(path: string, source: string): void;
  writeText(text: string): void;
  writeSite(path: string, site: Site): void;
}

/** Where a writer finds what fills its holes. */
export interface NodeSource {
  readonly targets: Targets;
  readonly world: World;
  item(path: string, index: number): CodeNode;
  namespace(path: string): CodeNode;
  run(path: string): CodeNode;
  input(label: string, digest: string): CodeNode;
}

/** A declaration, module or input. It is written once for all functions that reach it. */
export interface CodeNode {
  readonly key: string;
  /** For people: where it is declared, or what it is. */
  readonly label: string;
  readonly write: Write;
  /** Where its item is, where it has one. */
  readonly place?: ItemPlace;
  /** Unset until the node has been written without a question that is open. */
  contents?: NodeContents;
}

export interface NodeContents {
  /** Digest of the node's own text: every edge is a hole in it. */
  readonly own: string;
  readonly edges: readonly CodeNode[];
  /** The module that is evaluated before this code runs. */
  readonly module?: string;
  /** Dotted names of the globals that it reads, with their beginnings; `=name` for what is read itself. */
  readonly globals: readonly string[];
  readonly notes: readonly PlacedNote[];
  /** Every file that was looked at to write it. */
  readonly files: readonly string[];
}
