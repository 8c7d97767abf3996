import { runJob } from '../job.ts';
import type { Spectrogram, SpectrogramRequest } from '../job-protocol.ts';

export interface SpectrogramOptions extends SpectrogramRequest {
  /** Cancels the computation; takes no part in what identifies the call. */
  readonly signal?: AbortSignal;
}

/** Makes a sound from a seed, and returns it with the levels of its frequencies, frame by frame. */
export function birdSpectrogram({ signal, seconds, seed }: SpectrogramOptions): Promise<Spectrogram> {
  const worker = new Worker(new URL('./spectrogram-worker.ts', import.meta.url), { type: 'module' });
  return runJob({ job: 'spectrogram', worker, request: { seconds, seed }, signal });
}
