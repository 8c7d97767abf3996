/** What the build plugin found in functions, from the manifests that the page has at hand. */

export type Manifests = () => readonly unknown[] | Promise<readonly unknown[]>;

/** The plugin's own form holds more; anything else has no findings. */
interface ManifestFunction {
  readonly fingerprint: string;
  readonly flags: readonly string[];
  readonly diagnostics: readonly string[];
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

function isManifestFunction(value: unknown): value is ManifestFunction {
  if (typeof value !== 'object' || value === null) return false;
  const { fingerprint, flags, diagnostics } = value as Record<string, unknown>; // looked at here
  return typeof fingerprint === 'string' && isTexts(flags) && isTexts(diagnostics);
}

function functionsOf(manifest: unknown): ManifestFunction[] {
  const functions: unknown =
    typeof manifest === 'object' && manifest !== null && Reflect.get(manifest, 'functions');
  if (typeof functions !== 'object' || functions === null) return [];
  return Object.values(functions).filter(isManifestFunction);
}

export class Findings {
  readonly #manifests: Manifests | undefined;
  #functions: Promise<ManifestFunction[]> | undefined;

  constructor(manifests: Manifests | undefined) {
    this.#manifests = manifests;
  }

  /**
   * What was found in the function whose results have the identity; undefined where no manifest knows it.
   * @param identity as EntryInfo has it: 'plugin:' and the fingerprint
   */
  async of(identity: string): Promise<readonly string[] | undefined> {
    const [, fingerprint] = /^plugin:(.+)$/.exec(identity) ?? [];
    if (fingerprint === undefined || !this.#manifests) return undefined;
    this.#functions ??= this.#read(this.#manifests);
    const known = (await this.#functions).find((each) => each.fingerprint === fingerprint);
    if (!known) return undefined;
    const isPartial = known.flags.includes('partial');
    return [
      ...(isPartial ? ['partial: the plugin could not follow all that it reaches'] : []),
      ...known.diagnostics,
    ];
  }

  /** A manifest that cannot be had is none. */
  async #read(manifests: Manifests): Promise<ManifestFunction[]> {
    try {
      return (await manifests()).flatMap(functionsOf);
    } catch {
      return [];
    }
  }
}
