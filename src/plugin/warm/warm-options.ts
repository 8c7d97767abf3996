/** How a pack is made at build time. */

/** What Playwright launches: its own Chromium where nothing is said. */
export interface WarmBrowser {
  /** An installed browser: 'chrome', 'msedge'. */
  readonly channel?: string;
  readonly executablePath?: string;
  readonly args?: readonly string[];
}

/** Which calls the build makes, and what becomes of their results. */
export interface WarmOptions {
  /** Module that exports "memory" and "calls"; relative to the root. */
  readonly calls: string;
  /** The pack's place in the output. Default 'keepsake.pack'. */
  readonly pack?: string;
  /** A larger pack is an error: bytes, or text such as '64M'. Default '64M'. */
  readonly maxBytes?: number | string;
  /** A call that takes longer is an error. Default 600,000. */
  readonly timeoutMs?: number;
  readonly browser?: WarmBrowser;
}

export interface ResolvedWarm extends Required<WarmOptions> {
  readonly maxBytes: number;
}

const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

function bytesOf(value: number | string): number {
  const [, count, unit = ''] = /^(\d+)([KMG]?)$/.exec(String(value)) ?? [];
  if (count === undefined)
    throw new RangeError(
      `"warm.maxBytes" is ${JSON.stringify(value)}; give a number of bytes, or text such as "64M"`,
    );
  return Number(count) * (units[unit] ?? Number.NaN);
}

/** @throws RangeError for a size that cannot be read */
export function resolveWarm(options: WarmOptions | string): ResolvedWarm {
  const given = typeof options === 'string' ? { calls: options } : options;
  const { calls, pack = 'keepsake.pack', maxBytes = '64M', timeoutMs = 600_000, browser = {} } = given;
  return { calls, pack, maxBytes: bytesOf(maxBytes), timeoutMs, browser };
}
