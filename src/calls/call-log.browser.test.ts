import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { freshMemory } from '../testing/memories.ts';
import { formatTime } from './call-log.ts';

let lines: string[] = [];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(text));
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
});

afterAll(async () => {
  await Memory.clearOrigin();
});

/** What joblib's own level prints of one computation, one hit, one deletion and one clear. */
async function runAt(verbose: number): Promise<string[]> {
  const { memory } = freshMemory({ verbose });
  const f = memory.cache((x: number, _options?: object) => x, { id: 'f' });
  await f(1, { metric: 'l2' });
  await f(1, { metric: 'l2' });
  await f.delete(1);
  await f.clear();
  await memory.flush();
  return lines;
}

const call = `${'_'.repeat(80)}\n[Memory] Calling f...\nf(1, { metric: "l2" })`;
const time = String.raw`\d+\.\ds, \d+\.\dmin`;
const took = new RegExp(`^_+f - ${time}$`);
const loading = new RegExp(String.raw`^\[Memory\]${time}: Loading f\(1, \{ metric: "l2" \}\)\.\.\.$`);
const loaded = new RegExp(`^_+f cache loaded - ${time}$`);

describe('verbose', () => {
  test('0 is silent', async () => {
    expect(await runAt(0)).toEqual([]);
  });

  test('1 tells each computation, and a clear', async () => {
    const printed = await runAt(1);
    expect(printed).toEqual([call, expect.stringMatching(took), '[Memory] Clearing f']);
    expect(printed[1]).toHaveLength(80);
  });

  test('2 tells loads too, 5 how long they took', async () => {
    expect(await runAt(2)).toEqual([
      call,
      expect.stringMatching(took),
      expect.stringMatching(loading),
      '[Memory] Clearing f',
    ]);
    lines = [];
    const printed = await runAt(5);
    expect(printed[3]).toMatch(loaded);
    expect(printed[3]).toHaveLength(80);
  });

  test('10 names the place, 11 the steps', async () => {
    const place = /: Loading f\(1, \{ metric: "l2" \}\) from [0-9a-f]{32}$/;
    expect((await runAt(10)).filter((line) => place.test(line))).toHaveLength(1);
    lines = [];
    const steps = (await runAt(11)).filter((line) => line.startsWith('[Memory] f: '));
    expect(steps).toEqual([
      expect.stringMatching(/^\[Memory\] f: Computing [0-9a-f]{32}: absent$/),
      expect.stringMatching(/^\[Memory\] f: Persisting [0-9a-f]{32}$/),
      expect.stringMatching(/^\[Memory\] f: Deleting [0-9a-f]{32}$/),
    ]);
  });

  test('a function’s own level goes before the memory’s', async () => {
    const { memory } = freshMemory({ verbose: 11 });
    await memory.cache(() => 1, { id: 'quiet', verbose: 0 })();
    expect(lines).toEqual([]);
    const silent = freshMemory().memory;
    await silent.cache(() => 1, { id: 'loud', verbose: 1 })();
    expect(lines).toHaveLength(2);
  });

  test('times are in seconds and minutes', () => {
    expect([0, 1_250, 90_000].map(formatTime)).toEqual(['0.0s, 0.0min', '1.3s, 0.0min', '90.0s, 1.5min']);
  });
});
