/** Compression of stored bytes, and what it rules out. */
import type { MmapMode } from '../arrays/arrays.ts';
import { countOf, oneOf, refuseUnknown, shown } from './option-checks.ts';

export type CompressionFormat = 'gzip' | 'deflate';
export interface Compression {
  readonly format: CompressionFormat;
  /** Buffers below this many bytes are stored as they are. */
  readonly minBytes: number;
}

/** Below this a compressed buffer saves less than its overhead of a stream costs. */
const DEFAULT_COMPRESS_BYTES = 1024;
export function resolveCompression(
  value: false | CompressionFormat | Partial<Compression> | undefined,
): Compression | false {
  if (value === undefined || value === false) return false;
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) {
    throw new TypeError(
      `"compress" is ${shown(value)}; accepted are false, "gzip", "deflate", or { format, minBytes }`,
    );
  }
  if (typeof value === 'object') refuseUnknown(value, ['format', 'minBytes'], '"compress"');
  const { format = 'gzip', minBytes = DEFAULT_COMPRESS_BYTES } =
    typeof value === 'string' ? { format: value } : value;
  oneOf(format, 'compress', ['gzip', 'deflate']);
  return { format, minBytes: countOf(minBytes, 'compress.minBytes') };
}

export function assertModeAllowsCompression(mode: MmapMode | null, compression: Compression | false): void {
  if (mode && compression) {
    throw new TypeError(
      `"mmapMode" and "compress" contradict each other: a slice of compressed bytes cannot be read; set one of them to ${mode ? 'null or false' : 'false'}`,
    );
  }
}
