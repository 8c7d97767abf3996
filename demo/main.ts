import { Memory } from 'keepsake';
import { wireComputation } from './computation.ts';
import { type Digits, fetchDigits } from './data.ts';
import { pairwiseDistances } from './distances.ts';
import { getElement } from './elements.ts';
import { wireEntriesTable } from './entries-table.ts';
import { Explorer } from './explorer.ts';
import { umapLayout } from './layout.ts';
import { wireStoragePanel } from './storage-panel.ts';
import { hasStorage, onRemoved } from './stored.ts';
import { installTrustedTypesPolicy } from './trusted-types.ts';

const memory = new Memory({ name: 'demo' });
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

function wireStored(): void {
  const functions = [distances, layout];
  const table = wireEntriesTable(memory, {
    deleteEntry: (key) => memory.delete(key),
    clearFunction: async (functionId) => functions.find(({ id }) => id === functionId)?.clear(),
  });
  const panel = wireStoragePanel();
  const refresh = () => Promise.all([table.refresh(), panel.refresh()]);
  // An event has nobody to hand the promise to; the page's error handler reports a failure.
  memory.addEventListener('store', () => void refresh());
  // Hits are counted in batches: flush, so that the table tells the newest.
  memory.addEventListener('hit', () => void memory.flush().then(refresh));
  onRemoved(memory, (isEverything) => {
    if (!isEverything) return void refresh();
    table.showNone();
    void panel.refresh();
  });
  void refresh();
}

function showProblem(problem: unknown): void {
  const notice = getElement('[data-problem]', HTMLElement);
  notice.hidden = false;
  notice.textContent = `Something went wrong: ${problem instanceof Error ? problem.message : String(problem)}`;
}

async function start(): Promise<void> {
  addEventListener('unhandledrejection', ({ reason }) => showProblem(reason));
  wireStored();
  const digits = await fetchDigits();
  const explorer = new Explorer(digits);
  window.keepsakeDemo = { memory, distances: () => explorer.distances };
  await getResults(digits, explorer);
}

installTrustedTypesPolicy();
await start().catch(showProblem);
