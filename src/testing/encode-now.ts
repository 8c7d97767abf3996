/** encode() for tests whose codecs take no time. */
import { type Encoded, type EncodeOptions, encode } from '../codec/codec.ts';

export function encodeNow(value: unknown, options?: EncodeOptions): Encoded {
  const encoded = encode(value, options);
  if (encoded instanceof Promise) throw new TypeError('A codec of this value takes its time');
  return encoded;
}
