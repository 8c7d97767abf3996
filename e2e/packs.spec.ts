/** Results that one browser computed, in another: as a file, and from servers that are read by range. */
import type { Page } from '@playwright/test';
import { watchMemory } from '../bench/resident-memory.ts';
import { pagesHome } from './support/home.ts';
import { nginxPath, type PackServer, startNginx, startNode } from './support/pack-servers.ts';
import { expect, Profile, test } from './support/profile.ts';
import { S3Server } from './support/s3-server.ts';
import { presigned } from './support/s3-signature.ts';

/** `KEEPSAKE_SLICE_MIB=1024 npx playwright test packs` has a larger array. */
const SLICED_MIB = Number(process.env.KEEPSAKE_SLICE_MIB ?? 64);
const MIB = 2 ** 20;

const nginx = nginxPath();
const servers: Readonly<Record<string, (() => Promise<PackServer>) | undefined>> = {
  Node: startNode,
  nginx: nginx === undefined ? undefined : () => startNginx(nginx),
  'a part of S3': () => new S3Server().listen(),
};

async function openPage(profile: Profile): Promise<Page> {
  const page = await profile.openPage(`${pagesHome}e2e/pages/packs.html`);
  await page.waitForFunction(() => 'packs' in window);
  return page;
}

for (const [name, start] of Object.entries(servers)) {
  test.describe(`results travel by ${name}`, () => {
    test.skip(start === undefined, `${name} is not installed here`);
    let server: PackServer;
    let other: Profile;

    test.beforeEach(async () => {
      server = (await start?.()) ?? (await startNode());
      other = new Profile();
      await expect.poll(async () => (await fetch(server.url).catch(() => undefined))?.status).toBeDefined();
    });

    test.afterEach(async () => {
      await server.close();
      await other.dispose();
    });

    test('a pack that one profile exports answers the calls of another', async ({ profile }) => {
      const url = server.urlFor('GET', 'lab.pack');
      const wanted = await (await openPage(profile)).evaluate(
        async (to) => {
          const opened = window.packs.open();
          const found = await opened.callAll();
          await opened.put(to);
          return found;
        },
        server.urlFor('PUT', 'lab.pack'),
      );
      expect(wanted).toMatchObject({ computed: 4, hits: [] });
      const page = await openPage(other);
      const imported = await page.evaluate(async (from) => {
        const { memory, callAll } = window.packs.open({ name: 'imported' });
        const blob = await (await fetch(from)).blob();
        return { report: await memory.import(blob), ...(await callAll()) };
      }, url);
      expect(imported.report).toEqual({ imported: 4, present: 0, damaged: 0, missing: 0, refused: 0 });
      expect(imported).toMatchObject({ digest: wanted.digest, computed: 0 });
      const served = await page.evaluate(
        (from) => window.packs.open({ name: 'served', packs: [from] }).callAll(),
        url,
      );
      expect(served).toMatchObject({ digest: wanted.digest, computed: 0, hits: Array(4).fill('pack') });
      const kept = await page.evaluate(() => window.packs.open({ name: 'served' }).callAll());
      expect(kept).toMatchObject({ digest: wanted.digest, computed: 0, hits: Array(4).fill('storage') });
    });

    test('the shared tier answers the calls of another', async ({ profile }) => {
      const url = `${server.url}tier`;
      const wanted = await (await openPage(profile)).evaluate(
        ({ to, keys }) => {
          const headers = keys && { headers: window.packs.s3Headers(keys) };
          return window.packs.open({ remote: { url: to, write: true, ...headers } }).callAll();
        },
        { to: url, keys: server.credentials },
      );
      expect(wanted).toMatchObject({ computed: 4 });
      // Of each result its parts, and last its metadata.
      const isSent = () => server.answers().filter(({ method, status }) => method === 'PUT' && status < 300);
      await expect.poll(() => isSent().length, { timeout: 60_000 }).toBeGreaterThanOrEqual(8);
      const page = await openPage(other);
      await expect
        .poll(
          async () => {
            const from = { url, keys: server.credentials };
            return page.evaluate(({ url: tier, keys }) => {
              const headers = keys && { headers: window.packs.s3Headers(keys) };
              const remote = { url: tier, ...headers };
              return window.packs.open({ name: String(Math.random()), remote }).callAll();
            }, from);
          },
          { timeout: 60_000 },
        )
        .toMatchObject({ digest: wanted.digest, computed: 0, hits: Array(4).fill('remote') });
    });

    test(`a MiB of an array of ${SLICED_MIB} MiB is all that comes over the wire`, async ({ profile }) => {
      test.skip(name !== 'Node', 'only the Node server counts what it sends');
      const url = `${server.url}large.pack`;
      await (await openPage(profile)).evaluate(
        async ({ to, mib }) => {
          const opened = window.packs.open();
          for (const each of [4, mib]) await opened.computeLarge(each);
          await opened.put(to);
        },
        { to: url, mib: SLICED_MIB },
      );
      await profile.stop();
      const page = await openPage(other);
      await page.evaluate(
        (from) => Object.assign(window, { opened: window.packs.open({ packs: [from] }) }),
        url,
      );
      const before = server.answers().length;
      const memory = watchMemory();
      const found = await page.evaluate((mib) => window.opened.slice(mib), SLICED_MIB);
      const grown = (memory.peakGrowthBytes() ?? Number.NaN) / MIB;
      expect(found).toMatchObject({ isRight: true, computed: 0, hits: ['pack'] });
      const made = server.answers().slice(before);
      const byteLength = made.reduce((sum, each) => sum + each.byteLength, 0);
      const asked = made.map(({ method }) => method).join(', ');
      console.log(
        `${name}: ${byteLength} bytes in ${made.length} answers (${asked}); the page grew by ${grown.toFixed(1)} MiB`,
      );
      expect(byteLength).toBeLessThanOrEqual(1.1 * MIB);
      expect(made.length).toBeLessThanOrEqual(4);
      // The first slice also loads what slices are read with.
      const later = watchMemory();
      expect(await page.evaluate(() => window.opened.slice(4))).toMatchObject({
        isRight: true,
        hits: ['pack'],
      });
      const grownLater = (later.peakGrowthBytes() ?? 0) / MIB;
      console.log(`${name}: for a MiB of another array by ${grownLater.toFixed(1)} MiB`);
      expect(grownLater).toBeLessThanOrEqual(10);
    });
  });
}

test('the part of S3 has its signatures, and refuses what S3 refuses', async () => {
  const credentials = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
  };
  // From the documentation of Signature Version 4.
  const example = presigned('GET', 'https://examplebucket.s3.amazonaws.com/test.txt', credentials, {
    date: '20130524T000000Z',
    expiresSeconds: 86_400,
  });
  const wanted = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
  expect(new URL(example).searchParams.get('X-Amz-Signature')).toBe(wanted);
  const server = await new S3Server().listen();
  const saidTo = async (url: string, init: RequestInit = {}) => {
    const response = await fetch(url, init);
    return `${response.status} ${/<Code>(\w+)/.exec(await response.text())?.[1] ?? ''}`;
  };
  const date = '20200101T000000Z';
  const [put, get] = [server.urlFor('PUT', 'a'), server.urlFor('GET', 'a')];
  expect(await saidTo(get)).toBe('404 NoSuchKey');
  expect(await saidTo(put, { method: 'PUT', body: 'bytes' })).toBe('200 ');
  expect(await saidTo(get, { method: 'PUT', body: 'bytes' })).toBe('403 SignatureDoesNotMatch');
  expect(await saidTo(get.replace('/a?', '/b?'))).toBe('403 SignatureDoesNotMatch');
  expect(await saidTo(`${server.url}a`)).toBe('403 AccessDenied');
  expect(await saidTo(presigned('GET', `${server.url}a`, server.credentials, { date }))).toBe(
    '403 AccessDenied',
  );
  expect(await saidTo(get, { headers: { Range: 'bytes=9-10' } })).toBe('416 InvalidRange');
  const part = await fetch(get, { headers: { Range: 'bytes=1-2' } });
  expect([part.status, await part.text(), part.headers.get('Content-Range')]).toEqual([
    206,
    'yt',
    'bytes 1-2/5',
  ]);
  await server.close();
});
