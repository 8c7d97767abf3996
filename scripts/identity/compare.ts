/** Runs a batch of random programs over two page loads, and compares each step with the uncached program. */
import type { BrowserContext } from 'playwright';
import { Batch } from './build.ts';
import type { Mode } from './program-text.ts';

export interface Comparison {
  readonly wrong: readonly string[];
  /** Calls that came again with all that they depend on, and how many of these hit. */
  readonly expected: number;
  readonly hits: number;
  readonly missed: readonly string[];
  readonly notices: readonly string[];
}

/** What the page's runAll() answers. */
interface Outcome {
  readonly programs: readonly { readonly name: string; readonly outcomes: readonly string[] }[];
  readonly share: { readonly expected: number; readonly hits: number; readonly missed: readonly string[] };
  readonly told: readonly string[];
  readonly notices: readonly string[];
}

/** Loads the page and runs all its programs. */
async function load(
  context: BrowserContext,
  url: string,
  order: number,
  told: readonly string[],
): Promise<Outcome> {
  const page = await context.newPage();
  try {
    await page.goto(url);
    await page.waitForFunction(() => 'runAll' in globalThis);
    return await page.evaluate(([by, earlier]) => Reflect.get(globalThis, 'runAll')(by, earlier), [
      order,
      told,
    ] as const);
  } finally {
    await page.close();
  }
}

/** Steps that came to something else than without the cache. */
function wrongSteps(mode: Mode, cached: Outcome, uncached: Outcome): string[] {
  return uncached.programs.flatMap(({ name, outcomes }, at) =>
    outcomes.flatMap((outcome, step) => {
      const found = cached.programs[at]?.outcomes[step];
      return found === outcome ? [] : [`${mode} ${name}, step ${step}: ${found} in place of ${outcome}`];
    }),
  );
}

export async function compare(
  context: BrowserContext,
  seeds: readonly number[],
  mode: Mode,
): Promise<Comparison> {
  const batch = new Batch();
  try {
    const url = await batch.build(seeds, mode);
    const wrong: string[] = [];
    const missed: string[] = [];
    let [expected, hits] = [0, 0];
    let told: readonly string[] = [];
    let notices: readonly string[] = [];
    for (const order of [1, 1_000_003]) {
      const cached = await load(context, `${url}/cached/`, order, told);
      wrong.push(...wrongSteps(mode, cached, await load(context, `${url}/uncached/`, order, [])));
      expected += cached.share.expected;
      hits += cached.share.hits;
      missed.push(...cached.share.missed);
      ({ told, notices } = cached);
    }
    return { wrong, expected, hits, missed, notices };
  } finally {
    batch.dispose();
  }
}
