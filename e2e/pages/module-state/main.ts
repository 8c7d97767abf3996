import { memory } from './memory.ts';
import { counted, memoised, tally, timesEntered } from './own.ts';
import { factor, setFactor, settings, store } from './state.ts';

const byVariable = memory.cache(async (x: number) => x * factor);
const byInstance = memory.cache(async (x: number) => x * settings.factor);
const byStore = memory.cache(async (x: number) => x * store.getState().factor);

/** A receiver whose subclasses override what the cached function calls. */
class Filter {
  gain = 1;
  kernel(x: number): number {
    return x;
  }
  run = memory.cache(
    async function run(this: Filter, x: number) {
      return this.kernel(x) * this.gain;
    },
    { id: 'filter' },
  );
}
class Gauss extends Filter {
  override kernel(x: number): number {
    return x * 2;
  }
}
class Box extends Filter {
  override kernel(x: number): number {
    return x * 100;
  }
}

/** Functions whose captured value has no content to compare. */
const withHelper = (k: number) => {
  const scaled = (
    (by: number) => (x: number) =>
      x * by
  )(k);
  return memory.cache(async (x: number) => scaled(x), { id: 'with-helper' });
};
const withProgress = (onProgress: (share: number) => void) =>
  memory.cache(
    async (x: number) => {
      onProgress(0.5);
      return x * 2;
    },
    { id: 'with-progress', ignore: ['onProgress'] },
  );

/** All of it, for the spec that drives the page. */
const openLab = () => ({
  memory,
  ...{ byVariable, setFactor, byInstance, settings, byStore, store },
  ...{ counted, timesEntered, memoised, tally },
  ...{ Filter, Gauss, Box, withHelper, withProgress },
});
export type Lab = ReturnType<typeof openLab>;
Object.assign(window, { openLab });
