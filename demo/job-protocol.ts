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

export type JobReply =
  /** The worker has entered the function's body: what the page counts. */
  | { readonly kind: 'entered' }
  /** `fraction` runs from 0 to 1; absent while the amount of work is not known. */
  | { readonly kind: 'progress'; readonly step: string; readonly fraction?: number }
  /** `values` is transferred, not copied. */
  | { readonly kind: 'result'; readonly values: Float32Array<ArrayBuffer> };
