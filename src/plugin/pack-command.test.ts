import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  digestBytesOf,
  type PortableEntry,
  packedEntry,
  packStart,
  sealOf,
} from '../pack-format/pack-format.ts';
import { packCommand } from './pack-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'keepsake-packs-'));
const at = (name: string): string => join(folder, name);

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/** A pack of entries that hold their own key, as many bytes as wanted. */
async function writePack(
  name: string,
  entries: readonly { key: string; createdAt: number; size: number }[],
): Promise<void> {
  const header = new Uint8Array(64).fill(0x20);
  const all = entries.map(({ key, createdAt, size }) => {
    const part = { byteLength: size, rawByteLength: size, compression: '' } as const;
    const fn = { functionKey: 'ab'.repeat(16), functionId: 'ramp', identity: 'version' };
    const entry: PortableEntry = { key, ...fn, createdAt, computeMs: 12, parts: [part] };
    return { entry, headerBytes: header.length, content: new Uint8Array(size).fill(createdAt) };
  });
  const pieces: Uint8Array[] = [await packStart(all, 2, sha256)];
  for (const { entry, headerBytes, content } of all) {
    const packed = packedEntry(entry, headerBytes, 0);
    const digests = new Uint8Array(digestBytesOf(entry) - 32);
    for (let start = 0, end = 0; start < content.length; start += 2 ** 20, end += 32)
      digests.set(await sha256(content.subarray(start, start + 2 ** 20)), end);
    pieces.push(header, content, await sealOf(packed, header, digests, sha256), digests);
  }
  writeFileSync(at(name), Buffer.concat(pieces));
}

const keyOf = (digit: string): string => digit.repeat(32);

async function run(...args: string[]): Promise<{ code: number | undefined; said: string }> {
  const said: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void said.push(line));
  const code = await packCommand(args).finally(() => log.mockRestore());
  return { code, said: said.join('\n') };
}

beforeAll(async () => {
  await writePack('a', [
    { key: keyOf('1'), createdAt: 1, size: 10 },
    { key: keyOf('2'), createdAt: 2, size: 3_000_000 },
  ]);
  await writePack('b', [
    { key: keyOf('2'), createdAt: 5, size: 3 },
    { key: keyOf('3'), createdAt: 3, size: 1 },
  ]);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('keepsake pack', () => {
  test('ls lists entries, verify finds them whole', async () => {
    const { said } = await run('ls', at('a'));
    expect(said).toContain(keyOf('1'));
    expect(said).toContain('2 entries');
    expect(await run('verify', at('a'))).toMatchObject({
      code: 0,
      said: '2 whole, 0 damaged, 0 went while the pack was written',
    });
  });

  test('verify names what is damaged or cut off', async () => {
    const bytes = readFileSync(at('a'));
    const last = bytes.length - 100_000;
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    writeFileSync(at('damaged'), bytes);
    const damaged = await run('verify', at('damaged'));
    expect(damaged.code).toBe(1);
    expect(damaged.said).toContain(`damaged: ${keyOf('2')}`);
    expect(damaged.said).toContain('1 whole, 1 damaged');
    writeFileSync(at('cut'), bytes.subarray(0, 2_000_000));
    expect((await run('verify', at('cut'))).said).toContain('1 whole, 1 damaged');
    writeFileSync(at('other'), 'nothing');
    await expect(run('verify', at('other'))).rejects.toThrow('shorter than a pack');
  });

  test('merge keeps the newest whole entry of each call', async () => {
    expect((await run('merge', at('merged'), at('damaged'), at('b'))).code).toBe(0);
    const { said } = await run('ls', at('merged'));
    expect(said).toContain('3 entries');
    expect(said).toMatch(new RegExp(`${keyOf('2')}.* 3 B`));
    expect((await run('verify', at('merged'))).said).toContain('3 whole, 0 damaged');
    await expect(run('merge', at('merged'), at('a'))).rejects.toThrow('EEXIST');
  });

  test('anything else is misused', async () => {
    for (const args of [[], ['ls'], ['ls', 'a', 'b'], ['merge', 'a'], ['dance', 'a']])
      expect((await run(...args)).code).toBeUndefined();
  });
});
