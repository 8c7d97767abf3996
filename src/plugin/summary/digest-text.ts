import { hash } from 'node:crypto';

/** 22 base64url characters of SHA-256: 132 bits. */
export function digestText(content: string | Uint8Array): string {
  return hash('sha256', content, 'base64url').slice(0, 22);
}
