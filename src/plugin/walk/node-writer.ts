import { digestText } from '../summary/digest-text.ts';
import { withoutGlobalObject } from '../summary/global-notes.ts';
import type { GlobSlot, Note, Site, Slot, Unit } from '../summary/module-summary.ts';
import type { CodeNode, CodeWriter, NodeContents, NodeSource } from './code-node.ts';
import { isCacheCall } from './is-memory.ts';
import type { PlacedNote, Target } from './targets.ts';

/** Writes one node of the graph: its own text with holes, and in the order of the holes what fills them. */
export class NodeWriter implements CodeWriter {
  readonly #graph: NodeSource;
  readonly #parts: string[] = [];
  readonly #edges: CodeNode[] = [];
  readonly #globals = new Set<string>();
  readonly #notes: PlacedNote[] = [];
  #module: string | undefined;

  constructor(graph: NodeSource) {
    this.#graph = graph;
  }

  contents(files: readonly string[]): NodeContents {
    return {
      own: digestText(this.#parts.join(' ')),
      edges: this.#edges,
      ...(this.#module !== undefined && { module: this.#module }),
      globals: [...this.#globals],
      notes: this.#notes,
      files,
    };
  }

  /** A text of the node's own. */
  writeText(text: string): void {
    this.#parts.push(text);
  }

  #edge(node: CodeNode): void {
    this.#parts.push('#');
    this.#edges.push(node);
  }

  #note(path: string, note: Note): void {
    this.#notes.push({ ...note, path });
  }

  writeSite(path: string, site: Site): void {
    this.#module = path;
    this.#writeUnit(path, site);
    if (site.target) this.#writeSlot(path, site.target, site);
  }

  writeItem(path: string, index: number): void {
    const item = this.#graph.targets.summary(path)?.items[index];
    if (!item) return;
    this.#module = path;
    this.#writeUnit(path, item);
    for (const writer of item.writers) {
      this.writeText('writer');
      this.#edge(this.#graph.item(path, writer));
    }
  }

  writeNamespace(path: string): void {
    const { targets } = this.#graph;
    this.#module = path;
    this.writeText('namespace');
    for (const name of targets.exportedNames(path)) {
      this.writeText(JSON.stringify(name));
      this.#writeTarget(targets.ofExport(path, name), path, 0);
    }
    for (const source of targets.summary(path)?.stars ?? []) this.#writeStarOfPackage(path, source);
  }

  #writeStarOfPackage(path: string, source: string): void {
    const { targets } = this.#graph;
    const resolution = targets.resolve(path, source);
    if (!resolution || resolution.kind === 'module') return;
    this.#writeTarget(targets.ofResolution(resolution, source, '*'), path, 0);
  }

  writeBareImport(path: string, source: string): void {
    const { targets } = this.#graph;
    const resolution = targets.resolve(path, source);
    if (!resolution) return;
    if (resolution.kind === 'module') this.#edge(this.#graph.run(resolution.path));
    else this.#writeTarget(targets.ofResolution(resolution, source, ''), path, 0);
  }

  /** A module that is run: all its statements and what they reach. */
  writeRun(path: string): void {
    const summary = this.#graph.targets.summary(path);
    if (!summary) return;
    this.#module = path;
    if (summary.error !== undefined) {
      const message = `${this.#graph.world.label(path)} cannot be parsed (${summary.error}); its text counts as a whole`;
      this.#note(path, { code: 'FP007', message, start: 0, end: 0 });
    }
    for (const [index, item] of summary.items.entries()) {
      if (item.isEager || summary.isCommonJs) this.#edge(this.#graph.item(path, index));
    }
  }

  /** A unit's skeleton, and in the order of its slots what fills them. */
  #writeUnit(path: string, unit: Unit): void {
    for (const note of unit.notes) this.#note(path, note);
    this.writeText(unit.skeleton);
    for (const slot of unit.slots) this.#writeSlot(path, slot, unit);
    for (const chain of unit.globals) this.#writeGlobal(path, chain, unit);
  }

  #writeGlobal(path: string, chain: string, unit: Unit): void {
    const name = withoutGlobalObject(chain);
    for (let end = name.indexOf('.'); end !== -1; end = name.indexOf('.', end + 1))
      this.#globals.add(name.slice(0, end));
    this.#globals.add(name).add(`=${name}`);
    for (const [key, value] of this.#graph.world.constants) {
      const isPart = name === key || name.startsWith(`${key}.`) || key.startsWith(`${name}.`);
      if (isPart) this.#writeConstant(path, key, value, unit);
    }
    for (const [key, { source, name: member }] of this.#graph.world.provided) {
      const own = withoutGlobalObject(key);
      if (name === own || name.startsWith(`${own}.`))
        this.#writeTarget(this.#graph.targets.ofImport(path, source, member), path, placeOf(unit));
    }
  }

  #writeConstant(path: string, key: string, value: string, unit: Unit): void {
    this.#edge(this.#graph.input(`constant ${key}`, value));
    if (!this.#graph.world.unreadable.has(key)) return;
    const message = `reads ${key}, which a setting of the bundler makes anew for each module; pass the value as an argument`;
    this.#note(path, { code: 'FP009', message, start: placeOf(unit), end: placeOf(unit) });
  }

  #writeSlot(path: string, slot: Slot, unit: Unit): void {
    switch (slot.kind) {
      case 'local':
      case 'import': {
        this.#writeTarget(this.#memberOf(this.#graph.targets.ofSlot(path, slot), slot), path, placeOf(unit));
        return;
      }
      case 'url': {
        this.#writeUrl(path, slot.source, unit);
        return;
      }
      case 'glob': {
        this.#writeGlob(path, slot, unit);
        return;
      }
      case 'memo': {
        const isOurs = isCacheCall(this.#graph.targets, path, slot.memo.callee);
        this.writeText(isOurs ? 'memo(' : 'call(');
        this.#writeUnit(path, isOurs ? slot.memo.identity : slot.memo.callAndOptions);
        this.writeText(')');
        return;
      }
    }
  }

  /** A module that is re-exported as a whole, `export * as ns`, counts by the members that are read of it. */
  #memberOf(target: Target, slot: Slot): Target {
    const isMember = target.kind === 'namespace' && slot.kind === 'import' && slot.member !== undefined;
    return isMember ? this.#graph.targets.ofExport(target.path, slot.member ?? '') : target;
  }

  #writeTarget(target: Target, path: string, at: number): void {
    switch (target.kind) {
      case 'item': {
        this.#writeSymbol(target);
        return;
      }
      case 'namespace': {
        this.#edge(this.#graph.namespace(target.path));
        return;
      }
      case 'run': {
        this.#edge(this.#graph.run(target.path));
        this.writeText(target.name);
        return;
      }
      case 'input': {
        this.#writeInput(target, path, at);
        return;
      }
      case 'library': {
        this.writeText(`library ${target.name}`);
        return;
      }
      case 'absent':
      case 'unknown':
        this.writeText(target.kind);
    }
  }

  #writeInput(target: Extract<Target, { kind: 'input' }>, path: string, at: number): void {
    const message = `${target.opaque}; what it does is not part of the fingerprint`;
    if (target.opaque !== undefined) this.#note(path, { code: 'FP007', message, start: at, end: at });
    this.#edge(this.#graph.input(target.label, target.digest));
  }

  #writeSymbol({ path, index, name }: Extract<Target, { kind: 'item' }>): void {
    this.#edge(this.#graph.item(path, index));
    const item = this.#graph.targets.summary(path)?.items[index];
    if (!item) return;
    if (item.names.length > 1) this.writeText(`.${item.names.indexOf(name)}`);
  }

  #writeUrl(path: string, source: string, unit: Unit): void {
    const isRelative = /^[^/]*:/.test(source) || source.startsWith('/') || source.startsWith('.');
    const { targets } = this.#graph;
    const resolution = targets.resolve(path, isRelative ? source : `./${source}`);
    if (!resolution) return;
    this.writeText('url');
    if (resolution.kind === 'module') this.#edge(this.#graph.run(resolution.path));
    else this.#writeTarget(targets.ofResolution(resolution, source, '*'), path, placeOf(unit));
  }

  #writeGlob(path: string, slot: GlobSlot, unit: Unit): void {
    const { targets } = this.#graph;
    const answer = targets.glob(path, slot);
    if (!answer) return;
    const { isEager, query, name } = slot;
    this.writeText(`glob(${JSON.stringify([isEager, query, name])}`);
    if (answer.unresolved !== undefined) {
      const message = `imports files by ${JSON.stringify(answer.unresolved)}, which leads nowhere that can be found; write a path that begins with a dot or a slash`;
      const start = placeOf(unit);
      this.#note(path, { code: 'FP003', message, start, end: start });
    }
    for (const [key, file] of answer.files) {
      this.writeText(JSON.stringify(key));
      this.#writeTarget(targets.ofImport(path, `${file}${query}`, name), path, placeOf(unit));
    }
    this.writeText(')');
  }
}

/** Where an item or call begins in its file. */
function placeOf(unit: Unit): number {
  return 'start' in unit && typeof unit.start === 'number' ? unit.start : 0;
}
