/** Puts what was asked under its key; a promise only where the key is one. */
import { ChunkError } from '../chunks/chunks.ts';
import type { CachedCall } from './cached-call.ts';
import type { CallKeys, Refusal } from './call-keys.ts';
import { endOfStackIn } from './chain.ts';
import { Untold } from './untold.ts';

type Asked = Pick<CachedCall, 'store' | 'self' | 'args'>;

/** The function that was called. */
interface Called extends Pick<CachedCall, 'context' | 'options' | 'id' | 'history'> {
  readonly keys: CallKeys;
}

/**
 * @param missing Why there are no keys.
 * @throws UnhashableArgumentError, or the engine's own error where the stack has ended: the function's would be the same.
 */
export function keyCall(
  called: Called,
  asked: Asked,
  missing?: ChunkError,
): CachedCall | Promise<CachedCall> {
  const { context, options, id, history, keys } = called;
  const functionKey = keys.isOpen ? keys.functionKey : '';
  const call = (key: string, untold?: Refusal): CachedCall => ({
    ...{ context, options, id, history, functionKey, key, untold, isWhole: keys.isWhole },
    ...asked,
    tierEpoch: context.tier.epoch,
  });
  const refused = (error: unknown): CachedCall => {
    if (error instanceof ChunkError) return call('', { reason: 'storage-failed', error });
    if (!(error instanceof Untold)) throw endOfStackIn(error) ?? error;
    keys.noteUntold(error.reason);
    return call('', { reason: 'untold', error: error.reason });
  };
  if (missing) return refused(missing);
  try {
    const key = keys.keyOf(asked.self, asked.args);
    return typeof key === 'string' ? call(key) : key.then(call, refused);
  } catch (error) {
    return refused(error);
  }
}
