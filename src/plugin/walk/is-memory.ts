import type { Origin, Site } from '../summary/module-summary.ts';
import type { Target, Targets } from './targets.ts';
import { ownEntry, type Request } from './world.ts';

/** What an origin turns out to be. */
type Meaning =
  /** Keepsake's class, an instance of it, the method that caches, or its `bind`. */
  | { readonly kind: 'class' | 'memory' | 'cache' | 'bind' | 'library' }
  | { readonly kind: 'namespace'; readonly path: string }
  /** An object, a function, a class, or what a class constructs, of the project's own. */
  | { readonly kind: 'made'; readonly path: string; readonly origin: Origin; readonly isInstance: boolean };

/** Longer ways than this nobody writes; a way that leads in a circle ends here. */
const maxSteps = 200;

/** Follows origins across files to the `new Memory()` that they come from. */
class OriginReader {
  readonly #targets: Targets;
  #steps = 0;

  constructor(targets: Targets) {
    this.#targets = targets;
  }

  read(path: string, origin: Origin | undefined): Meaning | undefined {
    if (!origin || ++this.#steps > maxSteps) return undefined;
    switch (origin.kind) {
      case 'name':
        return this.#ofTarget(this.#targets.ofSlot(path, origin.slot));
      case 'new':
        return this.#construct(this.read(path, origin.of));
      case 'call':
        return this.#call(this.read(path, origin.of));
      case 'member':
        return this.#member(this.read(path, origin.of), origin.name);
      case 'either':
        return this.#same(origin.of.map((each) => this.read(path, each)));
      default:
        return { kind: 'made', path, origin, isInstance: false };
    }
  }

  #ofTarget(target: Target): Meaning | undefined {
    if (target.kind === 'library') {
      if (target.name === '*') return { kind: 'library' };
      return target.name === 'Memory' ? { kind: 'class' } : undefined;
    }
    if (target.kind === 'namespace') return target;
    if (target.kind !== 'item') return undefined;
    const origins = this.#targets.summary(target.path)?.items[target.index]?.origins;
    return origins && this.read(target.path, ownEntry(origins, target.name));
  }

  #construct(what: Meaning | undefined): Meaning | undefined {
    if (what?.kind === 'class') return { kind: 'memory' };
    if (what?.kind !== 'made' || what.origin.kind !== 'class') return undefined;
    const base = this.read(what.path, what.origin.base);
    const built = base && this.#construct(base);
    return built?.kind === 'memory' ? built : { ...what, isInstance: true };
  }

  #call(what: Meaning | undefined): Meaning | undefined {
    if (what?.kind === 'bind') return { kind: 'cache' };
    if (what?.kind !== 'made' || what.origin.kind !== 'function') return undefined;
    return this.read(what.path, what.origin.gives);
  }

  #member(what: Meaning | undefined, name: string): Meaning | undefined {
    switch (what?.kind) {
      case 'memory':
        return name === 'cache' ? { kind: 'cache' } : undefined;
      case 'cache':
        return name === 'bind' ? { kind: 'bind' } : undefined;
      case 'library':
        return name === 'Memory' ? { kind: 'class' } : undefined;
      case 'namespace':
        return this.#ofTarget(this.#targets.ofExport(what.path, name));
      case 'made':
        return this.#memberOf(what, name);
      default:
        return undefined;
    }
  }

  #memberOf(what: Extract<Meaning, { kind: 'made' }>, name: string): Meaning | undefined {
    const { path, origin, isInstance } = what;
    if (origin.kind === 'object') return this.read(path, ownEntry(origin.members, name));
    if (origin.kind !== 'class') return undefined;
    const own = ownEntry(isInstance ? origin.fields : origin.statics, name);
    if (own) return this.read(path, own);
    const base = this.read(path, origin.base);
    return this.#member(isInstance ? this.#construct(base) : base, name);
  }

  #same(all: readonly (Meaning | undefined)[]): Meaning | undefined {
    const [first] = all;
    return all.every((each) => each?.kind === first?.kind) ? first : undefined;
  }
}

/** Whether calling what an origin leads to caches a function. */
export function isCacheCall(targets: Targets, path: string, origin: Origin): boolean {
  return new OriginReader(targets).read(path, origin)?.kind === 'cache';
}

/** Whether a name of a module holds an instance of Memory, or its method. */
export function isMemory(targets: Targets, path: string, origin: Origin): boolean {
  const kind = new OriginReader(targets).read(path, origin)?.kind;
  return kind === 'memory' || kind === 'cache';
}

/** Whether a site's callee caches functions, and the files that say so. */
export interface Recognition {
  readonly isOurs: boolean;
  readonly files: ReadonlySet<string>;
}

/** Follows a site's callee to the `new Memory()` that it comes from. */
export function recogniseSite(
  targets: Targets,
  path: string,
  site: Site,
): Recognition | { readonly missing: readonly Request[] } {
  targets.files = new Set();
  targets.missing.clear();
  const isOurs = site.callee !== undefined && isCacheCall(targets, path, site.callee);
  const { files, missing } = targets;
  return missing.size > 0 ? { missing: [...missing.values()] } : { isOurs, files };
}
