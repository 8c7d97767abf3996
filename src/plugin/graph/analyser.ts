import { isAbsolute, relative, sep } from 'node:path';
import { isComponent } from '../ast/component.ts';
import type { BundlerNames, ProvidedName } from '../constants.ts';
import { isUnfollowable } from '../report/diagnostic-code.ts';
import { digestText } from '../summary/digest-text.ts';
import type { GlobPatterns, ModuleSummary, Site } from '../summary/module-summary.ts';
import { CodeGraph } from '../walk/code-graph.ts';
import { type Recognition, recogniseSite } from '../walk/is-memory.ts';
import type { PlacedNote } from '../walk/targets.ts';
import { Walk, type WalkResult } from '../walk/walk.ts';
import type { GlobAnswer, Request, Resolution, World } from '../walk/world.ts';
import { summariseAtAnyDepth } from './any-depth.ts';
import { type ClassifyOptions, classify, isLibrarySource, LIBRARY, splitQuery } from './classify.ts';
import type { FileStore } from './file-store.ts';
import { matchGlob } from './glob.ts';
import { isTold, nothingTold, type ToldModule, tellModule } from './tell-module.ts';
import { usesLegacyDecorators } from './tsconfig.ts';

/** The bundler's resolver; `key` tells environments apart that resolve differently. */
export interface Resolver {
  readonly key: string;
  resolve(source: string, importer: string): Promise<string | undefined>;
}

export interface AnalyserOptions extends ClassifyOptions {
  readonly root: string;
  readonly files: FileStore;
  readonly names: BundlerNames;
  readonly salt: string;
}

/** A memoised function of a module with everything that was found out about it. */
export interface AnalysedSite {
  readonly id: string;
  readonly site: Site;
  readonly result: WalkResult;
  readonly isPartial: boolean;
}

export interface ModuleAnalysis {
  readonly sites: readonly AnalysedSite[];
  /** Findings at calls that could not be recognised. */
  readonly notes: readonly PlacedNote[];
  /** What the module tells the page of its state and code. */
  readonly told: ToldModule;
  /** Every file that a fingerprint of this module depends on. */
  readonly files: ReadonlySet<string>;
}

type ResolveRequest = Extract<Request, { kind: 'resolve' }>;

/** Runs the walk, and answers its questions until none is left. */
export class Analyser {
  readonly options: AnalyserOptions;
  readonly #resolutions = new Map<string, Resolution>();
  readonly #resolving = new Map<string, Promise<void>>();
  readonly #graphs = new Map<string, CodeGraph>();
  readonly #globs = new Map<string, GlobAnswer>();

  constructor(options: AnalyserOptions) {
    this.options = options;
  }

  /** Forgets what was read of files, which may have changed. */
  recheck(): void {
    this.options.files.recheck();
    this.#graphs.clear();
  }

  /** Forgets where imports lead as well; called when a file appears or goes, or a package changes. */
  forgetResolutions(): void {
    this.#graphs.clear();
    this.#resolutions.clear();
    this.#globs.clear();
  }

  /**
   * Analyses the memoised calls of one module.
   *
   * @param source the text on disk, or what an earlier plugin made of it: it decides only where facts are written
   */
  async analyse(path: string, source: string, resolver: Resolver): Promise<ModuleAnalysis> {
    const { summary, digest } = this.options.files.load(path);
    const placed = digest === digestText(source) ? (summary?.sites ?? []) : sitesIn(path, source, summary);
    const files = new Set([path]);
    const sites: AnalysedSite[] = [];
    const notes: PlacedNote[] = [];
    for (const [index, site] of placed ? (summary?.sites ?? []).entries() : []) {
      const here = placed?.[index];
      const recognised = await this.#recognise(path, site, resolver);
      for (const file of recognised.files) files.add(file);
      const isInComponent = isComponent(path);
      if (recognised.isOurs ? !here || isInComponent : site.isLikely) notes.push(unrecognised(path, site));
      if (!recognised.isOurs || !here || isInComponent) continue;
      if (site.form !== 'call' && usesLegacyDecorators(path)) notes.push(legacyDecorator(path, site));
      const result = await this.#walk(path, site, resolver);
      for (const file of result.files) files.add(file);
      const id = `${this.#label(path)}#${site.label}`;
      sites.push({
        id,
        site: here,
        result,
        isPartial: result.notes.some((note) => isUnfollowable(note.code)),
      });
    }
    const told = await this.#tell(path, source, resolver);
    for (const { files: reached } of told.codes) for (const file of reached) files.add(file);
    return { sites, notes, files, told };
  }

  #tell(path: string, source: string, resolver: Resolver): Promise<ToldModule> {
    const { files, packages } = this.options;
    const facts = files.load(path);
    const isOthers = facts.digest === 'absent' || isComponent(path) || isLibrarySource(path, packages);
    if (isOthers || isTold(source)) return Promise.resolve(nothingTold);
    const isUntouched = facts.digest === digestText(source);
    // What an earlier plugin made of the text may have other names; then it is read again.
    const summary = isUntouched ? facts.summary : summariseAtAnyDepth(path, source);
    return tellModule({
      ...{ path, summary, isUntouched, codes: facts.summary?.codes ?? [], graph: this.#graph(resolver) },
      walk: (site) => this.#walk(path, site, resolver),
    });
  }

  async #recognise(path: string, site: Site, resolver: Resolver): Promise<Recognition> {
    for (;;) {
      const answer = recogniseSite(this.#graph(resolver).targets, path, site);
      if (!('missing' in answer)) return answer;
      await this.#answer(answer.missing, resolver);
    }
  }

  async #walk(path: string, site: Site, resolver: Resolver): Promise<WalkResult> {
    const graph = this.#graph(resolver);
    for (;;) {
      const walk = new Walk(graph, path, site);
      for (let outcome = walk.run(); ; outcome = walk.run()) {
        if ('result' in outcome) return outcome.result;
        if (outcome.missing.length === 0) break; // everything is known now: once more, without a question
        await this.#answer(outcome.missing, resolver);
      }
    }
  }

  #label(path: string): string {
    return relative(this.options.root, path).split(sep).join('/');
  }

  #graph(resolver: Resolver): CodeGraph {
    let graph = this.#graphs.get(resolver.key);
    if (!graph) {
      graph = new CodeGraph(this.#world(resolver));
      this.#graphs.set(resolver.key, graph);
    }
    return graph;
  }

  /** Names that settings import, and the exports of the files that they inject. */
  #provided(): ReadonlyMap<string, ProvidedName> {
    const { names, files } = this.options;
    const provided = new Map(names.provided);
    for (const source of names.injected ?? []) {
      for (const name of Object.keys(files.load(source).summary?.exports ?? {}))
        provided.set(name, { source, name });
    }
    return provided;
  }

  #world(resolver: Resolver): World {
    const { files, names, salt } = this.options;
    return {
      constants: names.constants ?? new Map(),
      unreadable: names.unreadable ?? new Set(),
      provided: this.#provided(),
      salt,
      label: (path) => this.#label(path),
      file: (path) => files.find(path),
      resolve: (importer, source) => this.#resolutions.get(`${resolver.key} ${importer} ${source}`),
      glob: (importer, glob) => this.#globs.get(globKey(resolver, importer, glob)),
    };
  }

  async #answer(requests: readonly Request[], resolver: Resolver): Promise<void> {
    await Promise.all(requests.map((request) => this.#answerOne(request, resolver)));
  }

  #answerOne(request: Request, resolver: Resolver): void | Promise<void> {
    if (request.kind === 'resolve') return this.#resolveOnce(request, resolver);
    if (request.kind === 'file') this.options.files.load(request.path);
    else return this.#findGlob(request, resolver);
  }

  async #findGlob({ importer, glob }: Extract<Request, { kind: 'glob' }>, resolver: Resolver): Promise<void> {
    const resolve = async (pattern: string): Promise<string | undefined> => {
      if (pattern.startsWith('#')) return this.options.packages.subpathImport(importer, pattern);
      const resolved = await resolver.resolve(pattern, importer);
      return resolved !== undefined && isAbsolute(resolved) ? resolved : undefined;
    };
    const answer = await matchGlob({ root: this.options.root, importer, resolve }, glob);
    this.#globs.set(globKey(resolver, importer, glob), answer);
  }

  /** Bundlers transform many modules at a time, whose functions ask the same. */
  #resolveOnce(request: ResolveRequest, resolver: Resolver): Promise<void> {
    const key = `${resolver.key} ${request.importer} ${request.source}`;
    let answer = this.#resolving.get(key);
    if (!answer) {
      answer = this.#resolve(request, resolver, key).finally(() => this.#resolving.delete(key));
      this.#resolving.set(key, answer);
    }
    return answer;
  }

  async #resolve(request: ResolveRequest, resolver: Resolver, key: string): Promise<void> {
    const { source, importer } = request;
    const isOurs = source === LIBRARY;
    const resolved = isOurs ? undefined : await resolver.resolve(splitQuery(source).file, importer);
    this.#resolutions.set(key, classify(resolved, request, this.options));
  }
}

function globKey({ key }: Resolver, importer: string, glob: GlobPatterns): string {
  return JSON.stringify([key, importer, glob]);
}

/**
 * The sites at their places in the text that is transformed, in the order of the original. Undefined where an earlier
 * plugin left none, for one, because it was this plugin; empty where the two cannot be matched.
 */
function sitesIn(
  path: string,
  source: string,
  summary: ModuleSummary | undefined,
): readonly Site[] | undefined {
  const { sites } = summariseAtAnyDepth(path, source);
  if (sites.length === 0) return undefined;
  const original = summary?.sites ?? [];
  return sites.length === original.length &&
    sites.every((each, index) => each.label === original[index]?.label)
    ? sites
    : [];
}

function unrecognised(path: string, site: Site): PlacedNote {
  const message = isComponent(path)
    ? `caches a function inside of a component, where its code cannot be told from the instance's; move the call to a module of its own and import what it gives`
    : 'looks like a cached function, but nothing says where its Memory comes from; make it a module-level constant, const memory = new Memory()';
  return { code: 'FP009', message, start: site.start, end: site.end, path };
}

function legacyDecorator(path: string, site: Site): PlacedNote {
  const message =
    'is a decorator of the standard, but tsconfig.json has experimentalDecorators, whose decorators are called in another way';
  return { code: 'FP012', message, start: site.start, end: site.end, path };
}
