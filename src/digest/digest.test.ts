import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { toHex } from '../bytes/bytes.ts';
import { createChecksum, createHasher, type Hasher } from './digest.ts';
import { createPlainSha256 } from './plain/sha256.ts';
import { plainXxh64 } from './plain/xxh64.ts';
import { createPlainXxh128 } from './plain/xxh128.ts';

/** Bytes without a pattern that a mistake could hide in. */
const noise = (length: number): Uint8Array => {
  let state = 0x2545f491;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return state >>> 24;
  });
};

const lengths = [...Array.from({ length: 1101 }, (_, length) => length), 2047, 2048, 2049, 65_536, 1_000_003];

function digestOf(hasher: Hasher, bytes: Uint8Array, step = bytes.length): string {
  hasher.reset();
  for (let at = 0; at < bytes.length; at += step || 1) hasher.update(bytes.subarray(at, at + step));
  return toHex(hasher.digest());
}

test.each([
  ['xxh128', createPlainXxh128],
  ['sha-256', createPlainSha256],
] as const)('plain %s equals the WebAssembly one', async (algorithm, createPlain) => {
  const [wasm, plain] = [await createHasher(algorithm), createPlain()];
  for (const length of lengths) {
    const bytes = noise(length);
    expect(digestOf(plain, bytes), `${length} bytes`).toBe(digestOf(wasm, bytes));
    if (length > 0 && length < 2100) expect(digestOf(plain, bytes, 37)).toBe(digestOf(wasm, bytes));
    if (length > 64 && length < 2100) expect(digestOf(plain, bytes, 64)).toBe(digestOf(wasm, bytes));
  }
});

test('plain xxh64 equals the WebAssembly one', async () => {
  const wasm = await createChecksum();
  for (const length of lengths) {
    const bytes = noise(length + 1).subarray(1);
    expect(plainXxh64(bytes), `${length} bytes`).toBe(wasm(bytes));
  }
});

test('createHasher() gives SHA-256', async () => {
  const bytes = noise(1000);
  expect(digestOf(await createHasher('sha-256'), bytes)).toBe(
    createHash('sha256').update(bytes).digest('hex'),
  );
});

test.each(['xxh128', 'sha-256'] as const)(
  'createHasher() %s goes on from a saved state',
  async (algorithm) => {
    const plain = algorithm === 'xxh128' ? createPlainXxh128() : createPlainSha256();
    for (const hasher of [await createHasher(algorithm), plain]) {
      for (const length of [10, 200, 1000, 5000]) {
        const bytes = noise(length);
        hasher.reset();
        hasher.update(bytes.subarray(0, length / 2));
        const state = hasher.save();
        digestOf(hasher, noise(777));
        hasher.load(state);
        hasher.update(bytes.subarray(length / 2));
        expect(toHex(hasher.digest())).toBe(digestOf(hasher, bytes));
      }
    }
  },
);

const refusals = {
  'is missing': undefined,
  // What a policy without wasm-unsafe-eval does.
  'refuses to compile': {
    ...WebAssembly,
    compile: () => Promise.reject(new WebAssembly.CompileError('blocked by policy')),
  },
};

test.each(Object.entries(refusals))(
  'createHasher() and createChecksum() work where WebAssembly %s',
  async (_, wasm) => {
    const [hasher, checksum] = [await createHasher('xxh128'), await createChecksum()];
    vi.resetModules();
    vi.stubGlobal('WebAssembly', wasm);
    try {
      const fresh = await import('./digest.ts');
      const bytes = noise(3000);
      expect(digestOf(await fresh.createHasher('xxh128'), bytes)).toBe(digestOf(hasher, bytes));
      expect(digestOf(await fresh.createHasher('xxh128'), bytes)).toBe(digestOf(hasher, bytes));
      expect(digestOf(await fresh.createHasher('sha-256'), bytes)).toBe(digestOf(createPlainSha256(), bytes));
      expect((await fresh.createChecksum())(bytes)).toBe(checksum(bytes));
    } finally {
      vi.unstubAllGlobals();
    }
  },
);
