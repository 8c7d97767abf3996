/** The memory of this page, and its two slow functions. */
import { Memory } from 'keepsake';
import { pairwiseDistances } from './distances.ts';
import { umapLayout } from './layout.ts';

export const memory = new Memory({ name: 'demo', verify: 'off' });
// The build plugin knows what these functions reach, their workers included; the ids are labels.
export const distances = memory.cache(pairwiseDistances, { id: 'pairwise-distances' });
export const layout = memory.cache(umapLayout, { id: 'umap-layout' });

export const metric = 'euclidean';
/** Of the seeds tried, 28 fills a landscape plot best. */
export const layoutOptions = { neighbours: 15, epochs: 400, seed: 28 };
