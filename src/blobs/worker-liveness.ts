/** Notices that a worker has ended without a word: terminated, or taken away by the browser. It raises no event. */

/** A request that is not answered for so long is looked into. */
const PATIENCE_MS = 1_000;
/** A worker that has never answered may still be loading. */
const START_MS = 30_000;

export interface Watched {
  /** The lock that a living worker holds while it works. */
  readonly lock: string;
  /** When the worker answered last, in the page's time; undefined before its first answer. */
  answeredAt(): number | undefined;
  /** Whether anybody waits for an answer. */
  isAwaited(): boolean;
  onDeath(): void;
}

const isHeld = async (lock: string): Promise<boolean> => {
  const { held = [], pending = [] } = await navigator.locks.query();
  return [...held, ...pending].some(({ name }) => name === lock);
};

/** Looks after the worker while requests wait; returns what starts that, to be called with each request. */
export function monitorWorker({ lock, answeredAt, isAwaited, onDeath }: Watched): {
  notice(): void;
  stop(): void;
} {
  const startedAt = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let missedAt: number | undefined;

  /** Dead is what is not seen at two looks, with no answer between them. */
  async function isDead(): Promise<boolean> {
    const answered = answeredAt();
    if (answered === undefined) return performance.now() - startedAt > START_MS;
    if (await isHeld(lock)) return false;
    const wasMissed = missedAt !== undefined && answered < missedAt;
    missedAt = performance.now();
    return wasMissed;
  }

  async function look(): Promise<void> {
    timer = undefined;
    if (!isAwaited()) return;
    if (await isDead().catch(() => false)) onDeath();
    else notice();
  }

  function notice(): void {
    timer ??= setTimeout(() => void look(), PATIENCE_MS);
  }

  return { notice, stop: () => clearTimeout(timer) };
}
