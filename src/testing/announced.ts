/** A function that tells every realm when it is entered. For tests of computing once across realms. */

const isWindow = typeof document !== 'undefined';
/** Tests hold the function back with it; a realm that it does not reach goes on. */
const gate = Promise.withResolvers<void>();

export const releaseHere = (): void => gate.resolve();

/** Waits in its realm until releaseHere(). */
export async function announced(n: number): Promise<Float64Array> {
  new BroadcastChannel('announced').postMessage({ n, realm: isWindow ? 'page' : 'worker' });
  await gate.promise;
  return new Float64Array(4).fill(n);
}

export interface Entered {
  readonly n: number;
  readonly realm: 'page' | 'worker';
}

/** Every entry from now on, and the first one. */
export function listen(): { readonly entered: Entered[]; readonly first: Promise<Entered>; close(): void } {
  const channel = new BroadcastChannel('announced');
  const entered: Entered[] = [];
  const first = Promise.withResolvers<Entered>();
  channel.onmessage = ({ data }: MessageEvent<Entered>) => {
    entered.push(data);
    first.resolve(data);
  };
  return { entered, first: first.promise, close: () => channel.close() };
}
