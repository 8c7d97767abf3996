import { runJob } from '../job.ts';

/** Returns [count, side, side] grey levels of [count, 28, 28] digits. */
export function enlargeDigits(
  digits: Uint8Array<ArrayBuffer>,
  { side }: { readonly side: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const worker = new Worker(new URL('./enlarge-worker.ts', import.meta.url), { type: 'module' });
  return runJob<Uint8Array<ArrayBuffer>>({
    job: 'enlarge',
    worker,
    request: { digits, side },
    signal: undefined,
  });
}
