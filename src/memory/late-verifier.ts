/** Has calls verified: those that come before the verifier does are remembered for it. */
import type { CallWitness, MemoryContext, WitnessedCall } from '../calls/calls.ts';
import { Chunk } from '../chunks/chunks.ts';
import { buildMode, type ResolvedMemoryOptions } from '../options/options.ts';
import type { Verification, Verifier, VerifyOptions } from './verifier.ts';

const chunk = new Chunk(() => import('./verifier.ts'));

/** They wait for a moment, and their arguments with them. */
const MOST_WAITING = 2_000;

export class LateVerifier implements CallWitness {
  readonly #context: () => MemoryContext;
  readonly #share: number | 'once';
  readonly #waiting: [call: WitnessedCall, isHit: boolean][] = [];
  #verifier: Verifier | undefined;

  constructor(context: () => MemoryContext, share: number | 'once') {
    this.#context = context;
    this.#share = share;
  }

  note(call: WitnessedCall, isHit: boolean): void {
    if (this.#verifier) {
      this.#verifier.note(call, isHit);
      return;
    }
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push([call, isHit]);
    if (this.#waiting.length === 1) void this.#load().catch(() => this.#waiting.splice(0)); // the next call tries again
  }

  async verify(options: VerifyOptions): Promise<Verification> {
    return (await this.#load()).verify(options);
  }

  async #load(): Promise<Verifier> {
    const { Verifier } = await chunk.load();
    this.#verifier ??= new Verifier(this.#context, this.#share);
    for (const [call, isHit] of this.#waiting.splice(0)) this.#verifier.note(call, isHit);
    return this.#verifier;
  }
}

/** The verifier that the options ask for; none where it would never have anything to do. */
export function createVerifier(
  context: () => MemoryContext,
  { verify }: ResolvedMemoryOptions,
): LateVerifier | undefined {
  if (verify === 'off' || (verify === 'development' && buildMode() === 'production')) return undefined;
  return new LateVerifier(context, verify === 'development' ? 'once' : verify);
}
