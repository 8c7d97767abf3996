/** Edited while the development server runs: what is shown follows, and nothing is said of closures. */
import { Memory } from 'keepsake';

const memory = new Memory({ name: 'hot' });
export const scaled = memory.cache((x) => x * 2, { id: 'scaled', depends: [] });
export const label = 'first';
