/** What the page that makes the calls says to the program that opened it. JSON. */

/** For each call that was computed: the keys that were asked for while it was. */
export type AskedWithin = Readonly<Record<string, readonly string[]>>;

/** What to begin with: the last pack, if there is one, and where the new one is to be PUT. */
export interface WarmOrder {
  readonly last?: string;
  readonly within: AskedWithin;
  readonly target: string;
}

export interface ComputedCall {
  readonly functionId: string;
  readonly computeMs: number;
}

/** A result that is not in the pack though it was asked for. */
export interface UnpackedCall {
  readonly functionId: string;
  readonly reason: string;
}

export interface PackedFunction {
  readonly functionId: string;
  readonly entries: number;
  readonly bytes: number;
}

export interface WarmReport {
  readonly functions: readonly PackedFunction[];
  readonly unpacked: readonly UnpackedCall[];
  /** Results of the last pack that nothing asked for. */
  readonly leftOut: number;
  readonly within: AskedWithin;
}

export type WarmMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-used'; readonly reason: string }
  | { readonly kind: 'call'; readonly total: number | undefined }
  | { readonly kind: 'called'; readonly computed: readonly ComputedCall[]; readonly error?: string }
  | { readonly kind: 'done'; readonly report: WarmReport }
  | { readonly kind: 'failed'; readonly reason: string };

/** Name of the function that the program gives to the page. Answers `ready` with what to begin with. */
export const WARM_BINDING = 'keepsakeWarm';

export type WarmBinding = (message: WarmMessage) => Promise<WarmOrder | undefined>;
