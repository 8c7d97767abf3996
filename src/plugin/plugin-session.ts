import { readFileSync, realpathSync } from 'node:fs';
import { normalize, relative, sep } from 'node:path';
import type { Manifest } from '../fingerprint/fingerprint.ts';
import type { BundlerNames } from './constants.ts';
import { type AnalysedSite, Analyser, type ModuleAnalysis, type Resolver } from './graph/analyser.ts';
import { cacheFolder } from './graph/classify.ts';
import { FileStore } from './graph/file-store.ts';
import { Packages } from './graph/packages.ts';
import { SummaryCache, summaryFormat } from './graph/summary-cache.ts';
import { nothingTold } from './graph/tell-module.ts';
import { type InjectedSource, type InjectOptions, injectFacts } from './inject-facts.ts';
import { type PluginOptions, packageModeOf } from './options.ts';
import { type Diagnostic, describeFinding, type Finding } from './report/diagnostics.ts';
import { createManifest } from './report/manifest.ts';

/** What only the bundler knows. */
export interface ProjectSettings {
  readonly root: string;
  readonly names?: BundlerNames;
  readonly inject?: InjectOptions;
  /** Whether this is a development server, which emits nothing. */
  readonly isServing?: boolean;
}

export interface TransformOutcome {
  readonly output: InjectedSource | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: ReadonlySet<string>;
}

interface Analysed {
  readonly analysis: ModuleAnalysis;
  readonly resolver: Resolver;
}

/** One build or development server: its caches, and what it found in each module with memoised functions. */
export class PluginSession {
  readonly #options: PluginOptions;
  readonly #modules = new Map<string, Analysed>();
  isServing = false;
  readonly #reported = new Set<string>();
  #inject: InjectOptions = {};
  #root = process.cwd();
  #cache = new SummaryCache(undefined);
  #files = new FileStore(this.#cache);
  #packages = new Packages(this.#root);
  #analyser: Analyser | undefined;

  constructor(options: PluginOptions) {
    this.#options = options;
  }

  configure(settings: ProjectSettings): void {
    const options = this.#options;
    this.#root = realRoot(options.root ?? settings.root);
    this.#inject = settings.inject ?? {};
    this.isServing = settings.isServing === true;
    const folder = options.cacheDir === undefined ? cacheFolder(this.#root) : options.cacheDir;
    this.#cache = new SummaryCache(folder === false ? undefined : folder);
    this.#files = new FileStore(this.#cache);
    this.#packages = new Packages(this.#root);
    this.#modules.clear();
    this.#analyser = new Analyser({
      root: this.#root,
      files: this.#files,
      packages: this.#packages,
      packageMode: packageModeOf(options),
      names: {
        ...settings.names,
        constants: new Map([...(settings.names?.constants ?? []), ...Object.entries(options.define ?? {})]),
      },
      salt: options.salt ?? '',
    });
  }

  /** All that facts depend on beside files: settings, patches, and the plugin's own code. */
  identity(): string {
    const { salt, define, packages, strict, root } = this.#options;
    return JSON.stringify([
      summaryFormat(),
      this.#packages.patchDigest(),
      salt,
      define,
      packages,
      strict,
      root,
    ]);
  }

  /** Starts a build, first or repeated: files and packages are looked at anew. */
  start(): void {
    this.#analyser?.recheck();
    this.#packages.forget();
    this.#analyser?.forgetResolutions();
  }

  async transform(code: string, id: string, resolver: Resolver): Promise<TransformOutcome> {
    const path = normalize(id); // Vite writes slashes, Node the platform's own separators
    if (!this.#analyser) this.configure({ root: this.#root });
    const analysis = await this.#analyser?.analyse(path, code, resolver);
    const { sites = [], told = nothingTold, notes = [] } = analysis ?? {};
    // Whatever has a fingerprint changes with what it reaches.
    if (analysis && sites.length + told.codes.length + notes.length > 0)
      this.#modules.set(path, { analysis, resolver });
    else this.#modules.delete(path);
    const isUntouched = sites.length + told.codes.length + told.cells.length === 0 && !told.nameless;
    const output = isUntouched ? undefined : injectFacts(code, { sites, told }, this.#inject);
    if (!analysis || !this.#modules.has(path)) return { output, diagnostics: [], files: new Set() };
    return { output, diagnostics: this.#diagnose(analysis), files: analysis.files };
  }

  #diagnose(analysis: ModuleAnalysis): Diagnostic[] {
    const findings: Finding[] = [
      ...analysis.notes.map((note) => ({ ...note, id: undefined })),
      ...analysis.sites.flatMap(({ id, result }) => result.notes.map((note) => ({ ...note, id }))),
    ];
    const ignored = new Set(this.#options.ignore ?? []);
    const isFatal = this.#options.strict === true;
    return findings
      .map((finding) => describeFinding(finding, (path) => this.#readSource(path)))
      .filter((each) => (isFatal && each.isUnfollowable) || (!ignored.has(each.code) && this.#isNew(each)));
  }

  /** A development server transforms a module many times, but says a thing once. */
  #isNew({ text }: Diagnostic): boolean {
    if (this.isServing && this.#reported.has(text)) return false;
    this.#reported.add(text);
    return true;
  }

  #readSource(path: string): { label: string; source: string } {
    const label = relative(this.#root, path).split(sep).join('/');
    try {
      return { label, source: readFileSync(path, 'utf8') };
    } catch {
      return { label, source: '' }; // the file went away since it was analysed; the message still helps
    }
  }

  /** Takes note of a change on disk and gives the modules whose fingerprints it may move. */
  change(file: string, event: 'create' | 'update' | 'delete'): readonly string[] {
    const path = normalize(file);
    const isPackage = /(?:package\.json|package-lock\.json|pnpm-lock\.yaml|yarn\.lock|\.patch)$/.test(path);
    this.#files.drop(path);
    this.#analyser?.recheck();
    if (isPackage) this.#packages.forget();
    if (event === 'update' && !isPackage) return this.dependants(path);
    this.#analyser?.forgetResolutions();
    return [...this.#modules.keys()];
  }

  /** Modules with a memoised function that reaches a file. */
  dependants(file: string): readonly string[] {
    const path = normalize(file);
    return [...this.#modules]
      .filter(([, { analysis }]) => analysis.files.has(path))
      .map(([module]) => module);
  }

  /** Whether the code on disk still has a fingerprint that was given out. */
  async isCurrent(id: string, fingerprint: string): Promise<boolean> {
    const path = [...this.#modules].find(([, each]) =>
      each.analysis.sites.some((site) => site.id === id),
    )?.[0];
    const known = path === undefined ? undefined : this.#modules.get(path);
    if (path === undefined || !known || !this.#analyser) return false;
    this.#analyser?.recheck();
    const analysis = await this.#analyser.analyse(path, this.#readSource(path).source, known.resolver);
    return analysis.sites.some((site) => site.id === id && site.result.fingerprint === fingerprint);
  }

  manifest(): Manifest {
    return createManifest(this.#sites(), this.#options.salt);
  }

  /**
   * A version for each function whose code alone says what it does. One that captures variables, reads state or cannot
   * be followed has none: without the plugin nobody would put those into its key.
   */
  versions(): { readonly versions: Record<string, string>; readonly without: string[] } {
    const versions: Record<string, string> = {};
    const without: string[] = [];
    for (const { id, site, result, isPartial } of this.#sites()) {
      const reasons = [
        ...(isPartial ? ['it reaches code that cannot be followed'] : []),
        ...(site.captures.length + site.capturedThis.length > 0 ? ['it captures variables'] : []),
        ...(site.thisProps.length > 0 ? ['it reads "this"'] : []),
        ...(result.state.length > 0 ? [`it reads state: ${result.state.join(', ')}`] : []),
        ...(Object.hasOwn(versions, id) ? ['another function has its id'] : []),
      ];
      if (reasons.length === 0) versions[id] = result.fingerprint;
      else
        without.push(
          `${id} has no version: ${reasons.join(', ')}; see what is found above, or pass what it needs as arguments`,
        );
    }
    return { versions, without };
  }

  #sites(): AnalysedSite[] {
    return [...this.#modules.values()].flatMap((each) => [...each.analysis.sites]);
  }

  /** Keeps the summaries for the next run. */
  save(): void {
    this.#cache.save();
  }
}

/** Bundlers name files by their real path, so the folder that ids are relative to must be one too. */
function realRoot(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    return root; // a folder that does not exist holds no files to name
  }
}
