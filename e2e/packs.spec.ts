/** Results that one browser computed, in another: as a file, and from servers that are read by range. */
import type { Page } from '@playwright/test';
import { watchMemory } from '../bench/resident-memory.ts';
import { pagesHome } from './support/home.ts';
import { nginxPath, type PackServer, startNginx, startNode } from './support/pack-servers.ts';
import { expect, Profile, test } from './support/profile.ts';

/** `KEEPSAKE_SLICE_MIB=1024 npx playwright test packs` has a larger array. */
const SLICED_MIB = Number(process.env.KEEPSAKE_SLICE_MIB ?? 64);
const MIB = 2 ** 20;

const nginx = nginxPath();
const servers: Readonly<Record<string, (() => Promise<PackServer>) | undefined>> = {
  Node: startNode,
  nginx: nginx === undefined ? undefined : () => startNginx(nginx),
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
      const url = `${server.url}lab.pack`;
      const wanted = await (await openPage(profile)).evaluate(async (to) => {
        const opened = window.packs.open();
        const found = await opened.callAll();
        await opened.put(to);
        return found;
      }, url);
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
        (to) => window.packs.open({ remote: { url: to, write: true } }).callAll(),
        url,
      );
      expect(wanted).toMatchObject({ computed: 4 });
      // Of each result its parts, and last its metadata.
      const isSent = () => server.answers().filter(({ method, status }) => method === 'PUT' && status < 300);
      await expect.poll(() => isSent().length, { timeout: 60_000 }).toBeGreaterThanOrEqual(8);
      const page = await openPage(other);
      await expect
        .poll(
          async () => {
            const open = (from: string) =>
              window.packs.open({ name: String(Math.random()), remote: { url: from } }).callAll();
            return page.evaluate(open, url);
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
          await opened.computeLarge(mib);
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
    });
  });
}
