import { AxeBuilder } from '@axe-core/playwright';
import {
  computations,
  confirmed,
  digestMatrix,
  firstDistances,
  getDistances,
  originState,
  waitUntilStored,
} from './support/demo.ts';
import { expect, test } from './support/profile.ts';

/** Reading is to be quicker than computing, however slow the machine and the development server are: figures are the bench's. */
const SPEED_UP = 2;

test('a result computed once is read back after a reload, without entering the function', async ({
  profile,
}) => {
  const page = await profile.openPage();
  const first = await firstDistances(page);
  expect(first.outcome).toBe('computed');
  expect(await computations(page)).toBe(1);
  const computed = await digestMatrix(page);
  await waitUntilStored(page);

  await page.reload();
  const second = await firstDistances(page);
  expect(second.outcome).toBe('hit');
  expect(await computations(page)).toBe(0);
  expect(await digestMatrix(page)).toBe(computed);
  console.log(
    `computed in ${first.ms.toFixed(0)} ms, read in ${second.ms.toFixed(0)} ms: ${(first.ms / second.ms).toFixed(0)} times faster`,
  );
  const distances = page.getByRole('article', { name: 'Pairwise distances' });
  await expect(distances.getByText('64 MB in a private file')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${colorScheme}: ${id} ${nodes[0]?.target.join(' ')}`)).toEqual(
      [],
    );
  }
  expect(first.ms / second.ms).toBeGreaterThanOrEqual(SPEED_UP);
});

test('a result survives a restart of the browser', async ({ profile }) => {
  const page = await profile.openPage();
  await firstDistances(page);
  await waitUntilStored(page);
  await profile.stop();

  const again = await profile.openPage();
  expect((await firstDistances(again)).outcome).toBe('hit');
  expect(await computations(again)).toBe(0);
});

test('clearing the origin leaves no database and no file, and the next call computes', async ({
  profile,
}) => {
  const page = await profile.openPage();
  await firstDistances(page);
  await waitUntilStored(page);
  // Chromium counts a new file with a delay.
  await expect.poll(async () => (await originState(page)).usage).toBeGreaterThan(64_000_000);
  const before = await originState(page);
  expect(before.databases).toEqual(['keepsake/demo']);
  expect(before.entries).toEqual(['keepsake']);

  await page.getByRole('tab', { name: 'Origin' }).click();
  await page.getByRole('button', { name: 'Clear the origin' }).click();
  const dialog = page.getByRole('dialog', { name: "Clear this origin's storage?" });
  await expect(dialog).toContainText('1 memory and 64');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  expect((await originState(page)).databases).toEqual(['keepsake/demo']);
  await confirmed(page, 'Clear the origin', 'Clear everything');
  await expect(page.getByLabel('What was cleared')).toContainText('after');
  const after = await originState(page);
  expect(after.databases).toEqual([]);
  expect(after.entries).toEqual([]);
  expect(after.usage).toBeLessThan(before.usage - 64_000_000);
  expect((await getDistances(page)).outcome).toBe('computed');
});
