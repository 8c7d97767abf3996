import { computations, digestMatrix, getDistances, originState, waitUntilStored } from './support/demo.ts';
import { home } from './support/home.ts';
import { expect, test } from './support/profile.ts';

/** A stored result is read at least so many times faster than it is computed. */
const SPEED_UP = 20;

test('a result computed once is read back after a reload, without entering the function', async ({
  profile,
}) => {
  const page = await profile.openPage();
  const first = await getDistances(page);
  expect(first.outcome).toBe('computed');
  expect(await computations(page)).toBe(1);
  const computed = await digestMatrix(page);
  await waitUntilStored(page);

  await page.reload();
  const second = await getDistances(page);
  expect(second.outcome).toBe('hit');
  expect(await computations(page)).toBe(0);
  expect(await digestMatrix(page)).toBe(computed);
  console.log(
    `computed in ${first.ms.toFixed(0)} ms, read in ${second.ms.toFixed(0)} ms: ${(first.ms / second.ms).toFixed(0)} times faster`,
  );
  expect(first.ms / second.ms).toBeGreaterThanOrEqual(SPEED_UP);
});

test('a result survives a restart of the browser, and clearing the origin leaves nothing', async ({
  profile,
}) => {
  const page = await profile.openPage();
  await getDistances(page);
  await waitUntilStored(page);
  await profile.stop();

  const again = await profile.openPage();
  expect((await getDistances(again)).outcome).toBe('hit');
  const before = await originState(again);
  expect(before.databases).toEqual(['keepsake/demo']);
  expect(before.entries).toEqual(['keepsake']);

  await again.getByRole('button', { name: "Clear this origin's storage" }).click();
  await expect(again.getByLabel('Storage before and after clearing')).toContainText('after', {
    timeout: 30_000,
  });
  // A file of the same origin, without the demo's code.
  const blank = await profile.openPage(`${home}demo/styles.css`);
  await again.close();
  const after = await originState(blank);
  expect(after.databases).toEqual([]);
  expect(after.entries).toEqual([]);
  expect(after.usage).toBeLessThan(before.usage - 60_000_000);

  const fresh = await profile.openPage();
  expect((await getDistances(fresh)).outcome).toBe('computed');
});
