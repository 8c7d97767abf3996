/** The first scene: two slow functions, and a map of what they tell. */
import { distances, layout, layoutOptions, memory, metric } from '../cached.ts';
import { wireComputation } from '../computation.ts';
import { fetchDigits } from '../data.ts';
import { getElement } from '../elements.ts';
import { Explorer } from '../explorer.ts';
import { hasStorage } from '../stored.ts';

declare global {
  interface Window {
    /** The page's handle for its end-to-end tests; nothing on the page uses it. */
    keepsakeDemo?: { readonly memory: typeof memory; distances(): Float32Array | undefined };
  }
}

const cardOf = (job: string): HTMLElement => getElement(`[data-job="${job}"]`, HTMLElement);

/** Runs the main job, and gets what is stored already: a reload shows everything at once. */
export async function open(): Promise<void> {
  const digits = await fetchDigits();
  const { pixels } = digits;
  const explorer = new Explorer(digits);
  window.keepsakeDemo = { memory, distances: () => explorer.distances };
  const getDistances = wireComputation({
    card: cardOf('distances'),
    job: 'distances',
    memory,
    functionId: distances.id,
    call: (signal) => distances(pixels, { metric, signal }),
    isStored: () => distances.checkCallInCache(pixels, { metric }),
    onResult: (matrix) => explorer.setDistances(matrix),
  });
  const getLayout = wireComputation({
    card: cardOf('layout'),
    job: 'layout',
    memory,
    functionId: layout.id,
    call: (signal) => layout(pixels, { ...layoutOptions, signal }),
    isStored: () => layout.checkCallInCache(pixels, layoutOptions),
    onResult: (positions) => explorer.setLayout(positions),
  });
  const isLayoutStored = (await hasStorage(memory)) && (await layout.checkCallInCache(pixels, layoutOptions));
  await Promise.all([getDistances.run(), isLayoutStored && getLayout.run()]);
}
