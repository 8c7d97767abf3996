import { firstDistances } from './support/demo.ts';
import { home } from './support/home.ts';
import { expect, test } from './support/profile.ts';

/** Takes a piece of the platform away before the page's own code runs. */
const removals = {
  'the private file system is refused': () => {
    StorageManager.prototype.getDirectory = () =>
      Promise.reject(new DOMException('Refused', 'SecurityError'));
  },
  'navigator.storage is undefined': () => {
    Object.defineProperty(Navigator.prototype, 'storage', { value: undefined });
  },
  'IndexedDB cannot be opened': () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('Refused', 'SecurityError');
    };
  },
};

for (const [what, remove] of Object.entries(removals)) {
  test(`a call computes and returns where ${what}`, async ({ profile }) => {
    const page = await (await profile.context()).newPage();
    await page.addInitScript(remove);
    await page.goto(home);
    expect((await firstDistances(page)).outcome).toBe('computed');
    expect(await page.locator('[data-problem]').isVisible()).toBe(false);
  });
}
