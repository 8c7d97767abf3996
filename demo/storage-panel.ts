import { Memory } from 'keepsake';
import { confirmRemoval } from './confirm-removal.ts';
import { createElement, getElement } from './elements.ts';
import { formatBytes } from './format.ts';

/** Browsers count freed space with a delay: measure until two readings agree, at most this often. */
const readings = 10;
const readingIntervalMs = 200;

async function measureUsage(): Promise<number> {
  // Absent on an insecure origin.
  const { usage = 0 } = (await navigator.storage?.estimate()) ?? {};
  return usage;
}

async function measureSettledUsage(): Promise<number> {
  let usage = await measureUsage();
  for (let reading = 1; reading < readings; reading++) {
    await new Promise((resolve) => setTimeout(resolve, readingIntervalMs));
    const next = await measureUsage();
    if (next === usage) break;
    usage = next;
  }
  return usage;
}

/** Shows what this origin uses, and clears all of it: every memory's database and every file. */
export function wireStoragePanel(): { refresh(): Promise<void> } {
  const usageOutput = getElement('[data-usage]', HTMLOutputElement);
  const output = getElement('[data-cleared]', HTMLOutputElement);
  const button = getElement('[data-clear-origin]', HTMLButtonElement);
  const refresh = async () => {
    const usage = await measureUsage();
    usageOutput.dataset.usage = String(usage);
    usageOutput.textContent = formatBytes(usage);
  };
  const clear = async () => {
    if (button.ariaDisabled === 'true') return;
    const memories = await Memory.list().catch(() => []);
    const what = memories.length === 1 ? '1 memory' : `${memories.length} memories`;
    const isWanted = await confirmRemoval({
      title: "Clear this origin's storage?",
      text: `${what} and ${formatBytes(await measureUsage())} of this origin go, for every tab. Results are computed again when they are asked for.`,
      verb: 'Clear everything',
    });
    if (!isWanted) return;
    button.ariaDisabled = 'true';
    output.replaceChildren('Clearing…');
    const before = await measureUsage();
    const { pending } = await Memory.clearOrigin().finally(() => {
      button.ariaDisabled = null;
    });
    const after = await measureSettledUsage();
    Object.assign(output.dataset, { before, after });
    const bytes = (count: number) => createElement('strong', {}, formatBytes(count));
    const waiting = pending.length > 0 ? ' Another tab still holds some of it.' : '';
    output.replaceChildren('Before ', bytes(before), ', after ', bytes(after), `.${waiting}`);
    await refresh();
  };
  // A click has nobody to hand the promise to; the page's error handler reports what clearOrigin() throws.
  button.addEventListener('click', () => void clear());
  return { refresh };
}
