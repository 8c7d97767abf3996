import type { Memory } from 'keepsake';
import { memory } from './cached.ts';
import { fetchDigits } from './data.ts';
import { getElement } from './elements.ts';
import { open } from './scenes/digits.ts';
import { followAddress } from './scenes/scenes.ts';
import { installTrustedTypesPolicy } from './trusted-types.ts';

/** The panel hears of every call from the first on, so that it is there before. */
async function showInspector(): Promise<(shown?: Memory) => void> {
  await import('keepsake/inspector');
  const inspector = document.querySelector('keepsake-inspector');
  return (shown = memory) => {
    if (inspector) inspector.memory = shown;
  };
}

function showProblem(problem: unknown): void {
  const notice = getElement('[data-problem]', HTMLElement);
  notice.hidden = false;
  notice.textContent = `Something went wrong: ${problem instanceof Error ? problem.message : String(problem)}`;
}

let isOpened = false;

/** The first scene's markup is the page's own, and its code comes with it. */
function openDigits(): void {
  if (isOpened) return;
  isOpened = true;
  void open().catch(showProblem);
}

async function start(): Promise<void> {
  addEventListener('unhandledrejection', ({ reason }) => showProblem(reason));
  // On their way while the panel comes; whoever needs them says what went wrong.
  void fetchDigits().catch(() => undefined);
  followAddress(openDigits, await showInspector());
}

installTrustedTypesPolicy();
await start().catch(showProblem);
