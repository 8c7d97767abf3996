import { Memory } from 'keepsake';
import { wireComputation } from './computation.ts';
import { type Digits, fetchDigits } from './data.ts';
import { pairwiseDistances } from './distances.ts';
import { getElement } from './elements.ts';
import { Explorer } from './explorer.ts';
import { umapLayout } from './layout.ts';
import { hasStorage } from './stored.ts';
import { installTrustedTypesPolicy } from './trusted-types.ts';

const memory = new Memory({ name: 'demo', verify: 'off' });
// The build plugin knows what these functions reach, their workers included; the ids are labels.
const distances = memory.cache(pairwiseDistances, { id: 'pairwise-distances' });
const layout = memory.cache(umapLayout, { id: 'umap-layout' });

const metric = 'euclidean';
/** Of the seeds tried, 28 fills a landscape plot best. */
const layoutOptions = { neighbours: 15, epochs: 400, seed: 28 };

declare global {
  interface Window {
    /** The page's handle for its end-to-end tests; nothing on the page uses it. */
    keepsakeDemo?: { readonly memory: Memory; distances(): Float32Array | undefined };
  }
}

/** Runs the main job, and gets what is stored already: a reload shows everything at once. */
async function getResults({ pixels }: Digits, explorer: Explorer): Promise<void> {
  const getDistances = wireComputation({
    job: 'distances',
    memory,
    functionId: distances.id,
    call: (signal) => distances(pixels, { metric, signal }),
    isStored: () => distances.checkCallInCache(pixels, { metric }),
    onResult: (matrix) => explorer.setDistances(matrix),
  });
  const getLayout = wireComputation({
    job: 'layout',
    memory,
    functionId: layout.id,
    call: (signal) => layout(pixels, { ...layoutOptions, signal }),
    isStored: () => layout.checkCallInCache(pixels, layoutOptions),
    onResult: (positions) => explorer.setLayout(positions),
  });
  const isLayoutStored = (await hasStorage(memory)) && (await layout.checkCallInCache(pixels, layoutOptions));
  await Promise.all([getDistances(), isLayoutStored && getLayout()]);
}

/** The panel hears of every call from the first on, so that it is there before. */
async function showInspector(): Promise<void> {
  await import('keepsake/inspector');
  const inspector = document.querySelector('keepsake-inspector');
  if (inspector) inspector.memory = memory;
}

function showProblem(problem: unknown): void {
  const notice = getElement('[data-problem]', HTMLElement);
  notice.hidden = false;
  notice.textContent = `Something went wrong: ${problem instanceof Error ? problem.message : String(problem)}`;
}

async function start(): Promise<void> {
  addEventListener('unhandledrejection', ({ reason }) => showProblem(reason));
  const [digits] = await Promise.all([fetchDigits(), showInspector()]);
  const explorer = new Explorer(digits);
  window.keepsakeDemo = { memory, distances: () => explorer.distances };
  await getResults(digits, explorer);
}

installTrustedTypesPolicy();
await start().catch(showProblem);
