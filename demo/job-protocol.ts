/** The messages between the page and its computing workers: the one file both threads import. */

export interface DistancesRequest {
  /** [count, 784] grey levels, a copy the worker owns. */
  readonly digits: Uint8Array<ArrayBuffer>;
  readonly metric: 'euclidean';
}

export interface LayoutRequest {
  /** [count, 784] grey levels, a copy the worker owns. */
  readonly digits: Uint8Array<ArrayBuffer>;
  readonly neighbours: number;
  readonly epochs: number;
  readonly seed: number;
}

export interface DensityRequest {
  /** [count, 2] minute of the day and delay in minutes, a copy the worker owns. */
  readonly flights: Int16Array<ArrayBuffer>;
  /** Standard deviation of the kernel, in cells of the surface. */
  readonly bandwidth: number;
}

export interface SpectrogramRequest {
  readonly seconds: number;
  readonly seed: number;
}

/** A sound and its spectrogram. */
export interface Spectrogram {
  /** [frames, 1024] levels in decibels below the loudest, frequency ascending. */
  readonly levels: Float32Array<ArrayBuffer>;
  /** [frames * 256] samples from -1 to 1. */
  readonly samples: Float32Array<ArrayBuffer>;
}

export interface EnlargeRequest {
  /** [count, 784] grey levels, a copy the worker owns. */
  readonly digits: Uint8Array<ArrayBuffer>;
  /** Pixels along each side of the result. */
  readonly side: number;
}

export type JobRequest =
  | DistancesRequest
  | LayoutRequest
  | DensityRequest
  | SpectrogramRequest
  | EnlargeRequest;

export type JobReply<Result = Float32Array<ArrayBuffer>> =
  /** The worker has entered the function's body: what the page counts. */
  | { readonly kind: 'entered' }
  /** `fraction` runs from 0 to 1; absent while the amount of work is not known. */
  | { readonly kind: 'progress'; readonly step: string; readonly fraction?: number }
  /** What `values` holds is transferred, not copied. */
  | { readonly kind: 'result'; readonly values: Result };
