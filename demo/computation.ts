import type { CacheEvent, CacheEventOf, EntryInfo, Memory } from 'keepsake';
import { getElement } from './elements.ts';
import { formatBytes, formatDuration } from './format.ts';
import { type JobName, onJobReport } from './job.ts';
import { createOutcomeText, type Outcome, placeText, whyNotKept } from './outcome-text.ts';
import { hasStorage, onRemoved } from './stored.ts';

export interface Computation<Result> {
  /** The elements that show it, as in the page's first two. */
  readonly card: HTMLElement;
  readonly job: JobName;
  readonly memory: Memory;
  readonly functionId: string;
  call(signal: AbortSignal): Promise<Result>;
  isStored(): Promise<boolean>;
  onResult(result: Result): void;
}

export interface Wired {
  /** What a press of the button does. */
  run(): Promise<void>;
  /** What a press of the other one does. */
  cancel(): void;
}

/** Wires one computation's card: its buttons, progress, how the value came, and whether it is stored. */
export function wireComputation<Result>(computation: Computation<Result>): Wired {
  const { card } = computation;
  getElement('[data-run]', HTMLButtonElement, card).disabled = false;
  wireProgress(card, computation.job);
  wireStoredNote(card, computation);
  return wireRun(card, computation);
}

function wireRun<Result>(card: HTMLElement, computation: Computation<Result>): Wired {
  const runButton = getElement('[data-run]', HTMLButtonElement, card);
  const cancelButton = getElement('[data-cancel]', HTMLButtonElement, card);
  let controller: AbortController | undefined;
  const run = async () => {
    controller = new AbortController();
    setBusy(card, true);
    const outcome = await runOnce(computation, controller.signal);
    const hadFocus = document.activeElement === cancelButton;
    setBusy(card, false);
    if (hadFocus) runButton.focus();
    showOutcome(card, outcome);
  };
  // A click has nobody to hand the promise to; runOnce reports failures in the card.
  runButton.addEventListener('click', () => void run());
  const cancel = () => controller?.abort();
  cancelButton.addEventListener('click', cancel);
  return { run, cancel };
}

async function runOnce<Result>(computation: Computation<Result>, signal: AbortSignal): Promise<Outcome> {
  const { memory, functionId } = computation;
  let seen: CacheEvent | undefined;
  const see = ({ detail }: CustomEvent<CacheEvent>) => {
    if ('functionId' in detail && detail.functionId === functionId) seen = detail;
  };
  memory.addEventListener('hit', see);
  memory.addEventListener('compute', see);
  const startedAt = Date.now();
  const start = performance.now();
  try {
    const result = await computation.call(signal);
    const ms = performance.now() - start;
    computation.onResult(result);
    if (seen?.kind !== 'hit') return { kind: 'computed', ms };
    const entry = await findEntry(memory, seen);
    const isShared = entry !== undefined && entry.createdAt >= startedAt;
    return { kind: 'hit', ms, source: isShared ? 'in-flight' : seen.reason, computeMs: entry?.computeMs };
  } catch (error) {
    const ms = performance.now() - start;
    return signal.aborted ? { kind: 'cancelled', ms } : { kind: 'failed', ms, message: String(error) };
  } finally {
    memory.removeEventListener('hit', see);
    memory.removeEventListener('compute', see);
  }
}

async function findEntry(
  memory: Memory,
  { functionId, key }: CacheEventOf<'hit'>,
): Promise<EntryInfo | undefined> {
  for await (const entry of memory.entries({ functionId })) {
    if (entry.key === key) return entry;
  }
  return undefined;
}

function setBusy(card: HTMLElement, isBusy: boolean): void {
  const runButton = getElement('[data-run]', HTMLButtonElement, card);
  const cancelButton = getElement('[data-cancel]', HTMLButtonElement, card);
  const hadFocus = document.activeElement === runButton;
  card.toggleAttribute('data-busy', isBusy);
  cancelButton.hidden = !isBusy;
  if (isBusy && hadFocus) cancelButton.focus();
  runButton.disabled = isBusy;
  getElement('[data-progress]', HTMLElement, card).hidden = true;
  if (!isBusy) return;
  const output = getElement('[data-result]', HTMLOutputElement, card);
  // What the last call brought is not what this one brings.
  delete output.dataset.outcome;
  delete output.dataset.ms;
  output.replaceChildren('Looking it up…');
}

function showOutcome(card: HTMLElement, outcome: Outcome): void {
  const output = getElement('[data-result]', HTMLOutputElement, card);
  output.dataset.outcome = outcome.kind;
  output.dataset.ms = outcome.ms.toFixed(1);
  output.replaceChildren(...createOutcomeText(outcome));
}

function wireProgress(card: HTMLElement, job: JobName): void {
  const box = getElement('[data-progress]', HTMLElement, card);
  const bar = getElement('progress', HTMLProgressElement, box);
  const step = getElement('[data-step]', HTMLElement, box);
  const output = getElement('[data-result]', HTMLOutputElement, card);
  const counter = getElement('[data-computations]', HTMLOutputElement, card);
  let computations = 0;
  onJobReport((report) => {
    if (report.job !== job) return;
    if (report.kind === 'entered') {
      computations += 1;
      counter.dataset.computations = String(computations);
      counter.textContent = computations === 1 ? 'once' : `${computations} times`;
      output.replaceChildren('Not stored yet, so computing…');
      return;
    }
    box.hidden = false;
    step.textContent = report.step;
    if (report.fraction === undefined) bar.removeAttribute('value');
    else bar.value = report.fraction;
  });
}

function wireStoredNote<Result>(card: HTMLElement, computation: Computation<Result>): void {
  const { memory, functionId, isStored } = computation;
  const note = getElement('[data-stored]', HTMLElement, card);
  let place: string | undefined;
  const show = (state: 'yes' | 'no', text: string) => {
    note.dataset.stored = state;
    note.textContent = text;
  };
  const check = async (isEverythingGone = false) => {
    const mayBeStored = !isEverythingGone && (await hasStorage(memory));
    const hasEntry = mayBeStored && (await isStored().catch(() => false));
    if (!hasEntry) place = undefined;
    show(hasEntry ? 'yes' : 'no', hasEntry ? (place ?? 'Stored in this browser') : 'Not stored');
    showExpectation(card, hasEntry);
  };
  memory.addEventListener('store', ({ detail }) => {
    if (detail.functionId !== functionId) return;
    show('yes', `${formatBytes(detail.sizeBytes)}, written in ${formatDuration(detail.storeMs)}`);
  });
  memory.addEventListener('hit', async ({ detail }) => {
    if (detail.functionId !== functionId) return;
    // An entry that is gone meanwhile is told by another event.
    const entry = await findEntry(memory, detail).catch(() => undefined);
    if (!entry) return;
    place = placeText(entry);
    show('yes', place);
  });
  memory.addEventListener('skip', ({ detail }) => {
    if (detail.functionId === functionId) show('no', whyNotKept(detail.reason));
  });
  // An event has nobody to hand the promise to; check() does not reject.
  onRemoved(memory, (isEverything) => void check(isEverything));
  void check();
}

/** Before the first press: what the press will bring. */
function showExpectation(card: HTMLElement, hasEntry: boolean): void {
  const output = getElement('[data-result]', HTMLOutputElement, card);
  if (card.hasAttribute('data-busy') || output.dataset.outcome) return;
  output.textContent = hasEntry
    ? 'Kept from an earlier call: this one takes no computing.'
    : 'The first call takes some seconds.';
}
