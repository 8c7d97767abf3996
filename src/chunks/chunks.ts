/**
 * Parts of the library that a page fetches when it first needs them: what a hit has no use for. The rest follows when the
 * page is idle after its first call, so that being offline from then on changes nothing.
 */

/** A part could not be fetched: the page is offline, its deployment is gone, or its policy refuses it. */
export class ChunkError extends Error {
  constructor(cause: unknown) {
    super(
      `a part of the library could not be loaded (${cause}): calls that need it are computed and not kept; keep the files of earlier deployments, or import from "keepsake/single", which is one file`,
      { cause },
    );
    this.name = 'ChunkError';
  }
}

type Listener = (error: ChunkError) => void;

const listeners = new Set<Listener>();

/** Has the listener called for each part that could not be fetched. */
export const onMissing = (listener: Listener): unknown => listeners.add(listener);

interface Fetched {
  load(): Promise<unknown>;
}

const all = new Set<Fetched>();

/** A module that is fetched when it is first asked for. */
export class Chunk<Module> implements Fetched {
  readonly #fetch: () => Promise<Module>;
  #fetching: Promise<Module> | undefined;
  /** The module, once it is here. */
  loaded: Module | undefined;

  /**
   * @param fetch `() => import('…')`, which bundlers know.
   * @param options.isAhead Whether it is fetched without being asked for, once the page is idle.
   */
  constructor(fetch: () => Promise<Module>, { isAhead = true } = {}) {
    this.#fetch = fetch;
    if (isAhead) all.add(this);
  }

  /** @throws ChunkError; the next call tries again */
  load(): Promise<Module> {
    this.#fetching ??= this.#load();
    return this.#fetching;
  }

  async #load(): Promise<Module> {
    try {
      this.loaded = await this.#fetch();
      return this.loaded;
    } catch (cause) {
      this.#fetching = undefined;
      const error = new ChunkError(cause);
      for (const listener of listeners) listener(error);
      throw error;
    }
  }
}

/** As a page starts, its own first calls have precedence. */
const PAUSE_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;

/** Workers have none of it, nor has Safari. */
interface IdleScope {
  requestIdleCallback?(resume: (deadline: unknown) => void, options: { readonly timeout: number }): unknown;
}

/** Resolves when the realm has a moment for itself. */
export async function whenIdle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const scope = globalThis as IdleScope;
  await new Promise((resolve) =>
    scope.requestIdleCallback
      ? scope.requestIdleCallback(resolve, { timeout: LONGEST_WAIT_MS })
      : resolve(undefined),
  );
}

let isSoon = false;

/** Fetches what is left when the realm is idle. */
export function fetchWhenIdle(): void {
  if (isSoon) return;
  isSoon = true;
  void whenIdle().then(fetchAll);
}

/** Those that are made meanwhile, by modules that have just come, are among them. Rejects never. */
async function fetchAll(): Promise<void> {
  for (const chunk of all) await chunk.load().catch(() => undefined); // whoever needs it tries again
}
