/** What a first visitor asks for: `keepsake warm demo/warm.ts --max-bytes 128M` writes it beside the built page. */
import type { WarmCalls } from 'keepsake/warm';
import { distances, layout, layoutOptions, memory, metric } from './cached.ts';
import { fetchDigits } from './data.ts';

export { memory };

export async function calls(): Promise<WarmCalls> {
  const { pixels } = await fetchDigits();
  return [() => distances(pixels, { metric }), () => layout(pixels, layoutOptions)];
}
