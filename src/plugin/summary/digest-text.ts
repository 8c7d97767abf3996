import { createHash } from 'node:crypto';

/** 22 base64url characters of SHA-256: 132 bits. */
export function digestText(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 22);
}
