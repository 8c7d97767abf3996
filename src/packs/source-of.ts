/** What users may import from. */
import { HttpSource } from './http-source.ts';
import { BlobSource, type PackSource, StreamSource } from './pack-source.ts';

export type PackOrigin = Blob | ReadableStream<Uint8Array> | URL | string;

/** @throws TypeError for anything else */
export function sourceOf(from: PackOrigin, signal?: AbortSignal): PackSource {
  if (from instanceof Blob) return new BlobSource(from);
  if (from instanceof ReadableStream) return new StreamSource(from);
  if (from instanceof URL || typeof from === 'string') return new HttpSource(String(from), { signal });
  throw new TypeError('import() takes a Blob, a ReadableStream of bytes, or a URL');
}
