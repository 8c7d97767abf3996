import { digestText } from '../summary/digest-text.ts';
import type { Site } from '../summary/module-summary.ts';
import type { CodeNode, NodeSource, Write } from './code-node.ts';
import { NodeWriter } from './node-writer.ts';
import { type Target, Targets } from './targets.ts';
import { type ItemPlace, UseGraph } from './use-graph.ts';
import type { World } from './world.ts';

export type { CodeNode, NodeContents } from './code-node.ts';

/** A label names a place, which may move; so only its kind is digested, and the name of a constant. */
function inputText(label: string, digest: string): string {
  const kind = label.startsWith('constant') ? label : label.slice(0, label.indexOf(' '));
  return `<${kind} ${digestText(digest)}>`;
}

/**
 * All code that the functions of a project reach, as far as it has been asked for. It holds for one state of the files:
 * after a change there is a new graph.
 */
export class CodeGraph implements NodeSource {
  readonly targets: Targets;
  readonly uses: UseGraph;
  readonly #nodes = new Map<string, CodeNode>();
  readonly #fileLists = new Map<string, readonly string[]>();

  constructor(world: World) {
    this.targets = new Targets(world);
    this.uses = new UseGraph(this.targets);
  }

  get world(): World {
    return this.targets.world;
  }

  find(key: string): CodeNode | undefined {
    return this.#nodes.get(key);
  }

  #node(key: string, label: () => string, write: Write, place?: ItemPlace): CodeNode {
    let node = this.#nodes.get(key);
    if (!node) {
      node = { key, label: label(), write, ...(place && { place }) };
      this.#nodes.set(key, node);
    }
    return node;
  }

  item(path: string, index: number): CodeNode {
    return this.#node(
      `${path}#${index}`,
      () => this.#itemLabel(path, index),
      (writer) => writer.writeItem(path, index),
      { path, index },
    );
  }

  namespace(path: string): CodeNode {
    return this.#node(
      `namespace ${path}`,
      () => `${this.world.label(path)}#*`,
      (writer) => writer.writeNamespace(path),
    );
  }

  run(path: string): CodeNode {
    return this.#node(
      `run ${path}`,
      () => `${this.world.label(path)}#(run)`,
      (writer) => writer.writeRun(path),
    );
  }

  /** `import './polyfill'`: all that it runs. */
  bareImport(path: string, source: string): CodeNode {
    return this.#node(
      `import ${path}\n${source}`,
      () => `${this.world.label(path)}#(import ${source})`,
      (writer) => writer.writeBareImport(path, source),
    );
  }

  /** An input without code: a package, an asset, a constant. */
  input(label: string, digest: string): CodeNode {
    const own = inputText(label, digest);
    return this.#node(
      own,
      () => label,
      (writer) => writer.writeText(own),
    );
  }

  /** The node of a target, where it has one and somebody reached it. */
  nodeOf(target: Target): CodeNode | undefined {
    switch (target.kind) {
      case 'item':
        return this.find(`${target.path}#${target.index}`);
      case 'namespace':
        return this.find(`namespace ${target.path}`);
      case 'run':
        return this.find(`run ${target.path}`);
      case 'input':
        return this.find(inputText(target.label, target.digest));
      default:
        return undefined;
    }
  }

  /** A node that only its function reaches: the function itself. */
  site(path: string, site: Site): CodeNode {
    const label = `${this.world.label(path)}#${site.label}`;
    return { key: `site ${label}`, label, write: (writer) => writer.writeSite(path, site) };
  }

  /** Writes a node if that was not done for another function; says whether it is written now: nothing was missing. */
  expand(node: CodeNode): boolean {
    if (node.contents) return true;
    const before = this.targets.askCount;
    this.targets.files = new Set();
    const writer = new NodeWriter(this);
    node.write(writer);
    if (this.targets.askCount > before) return false;
    node.contents = writer.contents(this.#shared([...this.targets.files]));
    return true;
  }

  /** One list for all nodes with the same files, so that a walk takes note of it once. */
  #shared(files: string[]): readonly string[] {
    const key = files.join('\n');
    const known = this.#fileLists.get(key);
    if (!known) this.#fileLists.set(key, files);
    return known ?? files;
  }

  #itemLabel(path: string, index: number): string {
    const summary = this.targets.summary(path);
    const name = summary?.items[index]?.names[0];
    if (name !== undefined) return `${this.world.label(path)}#${name}`;
    const statement = summary?.items.slice(0, index).filter((item) => item.names.length === 0).length ?? 0;
    return `${this.world.label(path)}#(statement ${statement + 1})`;
  }
}
