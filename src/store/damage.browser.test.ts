import { afterAll, describe, expect, test } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { freshMemory, reopen, type Watched } from '../testing/memories.ts';
import {
  type AnyRecord,
  changeRecords,
  listFiles,
  openDatabase,
  readFile,
  readRecords,
  removeFile,
  writeFile,
} from '../testing/mutations/tampering.ts';

afterAll(async () => {
  await Memory.clearOrigin();
});

const captures = () => ({});
function fill(x: number, n: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(n);
  for (let at = 0; at < n; at += 1) bytes[at] = (at * 31 + x) % 251;
  return bytes;
}
const large = 9_000_000;
const middle = 100_000;
const small = 5_000;

/** As toEqual(), which takes seconds for megabytes. */
function expectBytes(found: Uint8Array, x: number, n: number): void {
  const expected = fill(x, n);
  expect(found.byteLength).toBe(n);
  expect(indexedDB.cmp(found, expected)).toBe(0);
}

/** A closed memory with entries of so many bytes. */
async function stored(byteLength: number, arguments_: readonly number[] = [1]): Promise<string> {
  const { memory } = freshMemory();
  const f = memory.cache(fill, { id: 'fill', captures });
  for (const x of arguments_) await f(x, byteLength);
  await memory.close();
  return memory.name;
}

/** Places of the buffers of every entry. */
const placesOf = async (name: string): Promise<AnyRecord[]> =>
  (await readRecords(name, 'entries')).map((entry) => entry.buffers[0].place);

/** The call gives the right value, computed anew for this reason; the next page has a hit, and nothing is left over. */
async function expectRecomputed(name: string, byteLength: number, reason: string): Promise<Watched> {
  const later = reopen({ name } as Memory);
  const f = later.memory.cache(fill, { id: 'fill', captures });
  expectBytes(await f(1, byteLength), 1, byteLength);
  expect(later.reasons('miss')).toEqual([reason]);
  if (reason === 'damaged') expect(later.reasons('damaged')).toHaveLength(1);
  await later.memory.close();

  const last = reopen({ name } as Memory);
  expectBytes(await last.memory.cache(fill, { id: 'fill', captures })(1, byteLength), 1, byteLength);
  expect(last.reasons('hit')).toEqual(['storage']);
  const places = await placesOf(name);
  const inUse = new Set(places.flatMap(({ file }) => (file ? [file] : [])));
  await expect.poll(async () => new Set(await listFiles(name))).toEqual(inUse);
  const [state] = await readRecords(name, 'state');
  expect(state).toMatchObject({ entries: places.length });
  await last.memory.close();
  return later;
}

describe('a stored file', () => {
  const changes: Record<
    string,
    (bytes: Uint8Array<ArrayBuffer>, place: AnyRecord) => Uint8Array<ArrayBuffer>
  > = {
    'with a flipped bit': (bytes, { offset }) => {
      bytes[offset + 5_000_000]! ^= 4;
      return bytes;
    },
    'with a flipped last bit': (bytes, { offset, byteLength }) => {
      bytes[offset + byteLength - 1]! ^= 1;
      return bytes;
    },
    'cut short': (bytes, { offset }) => bytes.slice(0, offset + 3_000_000),
    'cut to nothing': () => new Uint8Array(),
    'whose tail is zeros': (bytes, { offset }) => bytes.fill(0, offset + 4_000_000),
  };

  test.each(Object.entries(changes))('%s is a miss, and is computed anew', async (_, change) => {
    const name = await stored(large);
    const [place] = await placesOf(name);
    await writeFile(place.file, change(await readFile(place.file), place));
    await expectRecomputed(name, large, 'damaged');
  });

  test('that is gone is a miss, and is computed anew', async () => {
    const name = await stored(large);
    const [place] = await placesOf(name);
    await removeFile(place.file);
    await expectRecomputed(name, large, 'damaged');
  });

  test('that changed places with another is a miss for both', async () => {
    const name = await stored(large, [1, 2]);
    const [one, two] = await placesOf(name);
    const [first, second] = [await readFile(one.file), await readFile(two.file)];
    await writeFile(one.file, second);
    await writeFile(two.file, first);
    const later = reopen({ name } as Memory);
    const f = later.memory.cache(fill, { id: 'fill', captures });
    expectBytes(await f(1, large), 1, large);
    expectBytes(await f(2, large), 2, large);
    expect(later.reasons('miss')).toEqual(['damaged', 'damaged']);
    await later.memory.close();
  });
});

describe('a record', () => {
  test('with a flipped bit in its own bytes is a miss', async () => {
    const name = await stored(small);
    await changeRecords(name, 'entries', (entry) => {
      const { place } = entry.buffers[0] ?? entry.skeleton;
      new Uint8Array(place)[100]! ^= 1;
      return entry;
    });
    await expectRecomputed(name, small, 'damaged');
  });

  test('of a format that this version does not know is a miss, and is replaced', async () => {
    const name = await stored(large);
    await changeRecords(name, 'entries', (entry) => ({ ...entry, format: 99 }));
    await expectRecomputed(name, large, 'format');
  });

  const fields = [
    'format',
    'functionKey',
    'revision',
    'skeleton',
    'buffers',
    'createdAt',
    'computeMs',
    'sizeBytes',
  ];
  test.each(fields)('without its %s is a miss', async (field) => {
    const name = await stored(small);
    await changeRecords(name, 'entries', (entry) => {
      delete entry[field];
      return entry;
    });
    await expectRecomputed(name, small, 'damaged');
  });

  test('that is the one of another call, under its own key, is a miss', async () => {
    const name = await stored(small, [1, 2]);
    const [one, two] = await readRecords(name, 'entries');
    const keys = new Map([one, two].map(({ key }, at, all) => [key, all[1 - at]]));
    await changeRecords(name, 'entries', ({ key }) => ({ ...keys.get(key), key }));
    const later = reopen({ name } as Memory);
    const f = later.memory.cache(fill, { id: 'fill', captures });
    expectBytes(await f(1, small), 1, small);
    expectBytes(await f(2, small), 2, small);
    expect(later.reasons('miss')).toEqual(['damaged', 'damaged']);
    await later.memory.close();
  });

  test('that says that it is younger than it is is a miss', async () => {
    const name = await stored(small);
    await changeRecords(name, 'entries', (entry) => ({ ...entry, createdAt: entry.createdAt + 1 }));
    await expectRecomputed(name, small, 'damaged');
  });

  test('whose list of buffers has a hole is a miss', async () => {
    const name = await stored(middle);
    await changeRecords(name, 'entries', (entry) => {
      delete entry.buffers[0];
      return entry;
    });
    await expectRecomputed(name, middle, 'damaged');
  });

  test('that points outside of its file is a miss, and its file goes', async () => {
    const name = await stored(large);
    await changeRecords(name, 'entries', (entry) => {
      entry.buffers[0].place.offset = 2 ** 40;
      return entry;
    });
    await expectRecomputed(name, large, 'damaged');
  });

  test('that lost part of what it says of its buffers is a miss, and its file goes', async () => {
    const name = await stored(large);
    await changeRecords(name, 'entries', (entry) => {
      delete entry.buffers[0].checks;
      return entry;
    });
    await expectRecomputed(name, large, 'damaged');
  });
});

describe('the totals', () => {
  test.each(['entries', 'bytes', 'epoch'])('without their %s are counted anew', async (field) => {
    const name = await stored(small, [1, 2, 3]);
    const [before] = await readRecords(name, 'state');
    await changeRecords(name, 'state', (state) => {
      delete state[field];
      return state;
    });
    const later = reopen({ name } as Memory);
    const f = later.memory.cache(fill, { id: 'fill', captures });
    await f(4, small);
    await later.memory.flush();
    expect(later.reasons('store')).toEqual(['computed']);
    const [after] = await readRecords(name, 'state');
    expect(after.entries).toBe(4);
    expect(after.bytes).toBeGreaterThan(before.bytes);
    await later.memory.close();
  });

  test('of a function that lost its epoch do not keep it from storing', async () => {
    const name = await stored(small);
    await changeRecords(name, 'functions', ({ functionKey, functionId }) => ({ functionKey, functionId }));
    const later = reopen({ name } as Memory);
    await later.memory.cache(fill, { id: 'fill', captures })(2, small);
    await later.memory.flush();
    expect(later.reasons('store')).toEqual(['computed']);
    await later.memory.close();
  });

  test('an entry without its details is still a hit, and lists do not stumble over half of one', async () => {
    const name = await stored(small, [1, 2]);
    await changeRecords(name, 'details', ({ key, functionId, lastUsedAt, argumentsPreview }) =>
      argumentsPreview.startsWith('(1') ? { key, functionId, lastUsedAt } : { key },
    );
    const later = reopen({ name } as Memory);
    const f = later.memory.cache(fill, { id: 'fill', captures });
    expectBytes(await f(1, small), 1, small);
    expect(later.reasons('hit')).toEqual(['storage']);
    expect(await Array.fromAsync(later.memory.entries())).toEqual([]);
    await later.memory.close();
  });
});

test('a database of a newer version is left alone: calls compute, and are kept for the page', async () => {
  const name = await stored(small);
  (await openDatabase(name, 1_000)).close();
  const later = reopen({ name } as Memory);
  const f = later.memory.cache(fill, { id: 'fill', captures });
  expectBytes(await f(1, small), 1, small);
  expectBytes(await f(1, small), 1, small);
  expect(later.reasons('compute')).toHaveLength(1);
  expect(await later.memory.storageStatus()).toMatchObject({ tier: 'memory' });
  expect((await later.memory.storageStatus()).reasons.join()).toContain('1000');
  await later.memory.clear();
  await later.memory.close();
  expect(await readRecords(name, 'entries')).toHaveLength(1);
});
