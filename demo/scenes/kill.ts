/** The worker that writes is ended while it writes. */
import { type CacheEventKind, Memory } from 'keepsake';
import { fetchDigits } from '../data.ts';
import { createElement } from '../elements.ts';
import { formatBytes, formatDuration } from '../format.ts';
import { enlargeDigits } from './enlarge.ts';
import { createButton, type Stage } from './scene.ts';

let storageWorker: Worker | undefined;

/** Your page would name `keepsake/storage-worker.js`; where nothing is given, the library starts its own. */
function workerFactory(): Worker {
  storageWorker = new Worker(new URL('../../src/blobs/worker/main.ts', import.meta.url), { type: 'module' });
  return storageWorker;
}

// Nothing is kept in this page's memory: what is read is read from disk.
const memory = new Memory({ name: 'demo-kill', verify: 'off', memoryTierBytes: 0, workerFactory });
const enlarge = memory.cache(enlargeDigits, { id: 'enlarged-digits' });

const small = { side: 40 };
const large = { side: 112 };
/** Of some 12 answers, one for each 4 MiB that are written. */
const answersBeforeEnd = 4;

/** Ends the storage worker while it writes what is computed next, and tells so. Where it never writes, nothing is ended. */
function endWhileWriting(onEnd: () => void): void {
  const onComputed = () => {
    let answers = 0;
    storageWorker?.addEventListener('message', () => {
      answers += 1;
      if (answers !== answersBeforeEnd) return;
      storageWorker?.terminate();
      onEnd();
    });
  };
  memory.addEventListener('compute', onComputed, { once: true });
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function reasonsDuring(kind: CacheEventKind, act: () => Promise<unknown>): Promise<string[]> {
  const reasons: string[] = [];
  const see = (event: Event) =>
    reasons.push(String((event as CustomEvent<{ reason: string }>).detail.reason));
  memory.addEventListener(kind, see);
  await act();
  memory.removeEventListener(kind, see);
  return reasons;
}

type Tell = (text: string, isGood?: boolean) => void;

/** What one call brings: how it came, in how long, and a digest of its bytes. */
async function call(digits: Uint8Array<ArrayBuffer>, options: typeof small) {
  const start = performance.now();
  let value = new Uint8Array();
  const hits = await reasonsDuring('hit', async () => {
    value = await enlarge(digits, options);
  });
  const how = hits.length > 0 ? 'read back' : 'computed';
  const time = formatDuration(performance.now() - start);
  const digest = await digestOf(value);
  return { digest, text: `${formatBytes(value.byteLength)} ${how} in ${time}, SHA-256 ${digest}…` };
}

async function run(digits: Uint8Array<ArrayBuffer>, tell: Tell): Promise<void> {
  await memory.clear();
  const before = await call(digits, small);
  await memory.flush();
  tell(`A smaller result is stored first: ${before.text}`);
  let isEnded = false;
  endWhileWriting(() => {
    isEnded = true;
    tell(`The worker was ended after answer ${answersBeforeEnd}, with most of the bytes still to be written`);
  });
  let first = { digest: '', text: '' };
  const skips = await reasonsDuring('skip', async () => {
    first = await call(digits, large);
    await memory.flush();
  });
  if (!isEnded)
    tell('No worker was writing that could be ended: this browser keeps the bytes in another way');
  tell(`The call has its whole value all the same: ${first.text}`, true);
  const listed = await memory.entries().count();
  const isTold = skips.includes('storage-failed');
  const half = isTold ? 'The page was told that this one is not kept' : 'Another worker wrote it again';
  tell(`${half}; ${listed} of the 2 results ${listed === 1 ? 'is' : 'are'} listed, none of them half`, true);
  const kept = await call(digits, small);
  tell(`What was stored before: ${kept.text}`, kept.digest === before.digest);
  const second = await call(digits, large);
  await memory.flush();
  tell(`The next call, and another worker: ${second.text}`, second.digest === first.digest);
  const third = await call(digits, large);
  tell(`The one after: ${third.text}`, third.digest === first.digest);
}

export async function open({ root, inspect, say }: Stage): Promise<void> {
  const { pixels } = await fetchDigits();
  const list = createElement('ol', { class: 'steps', 'aria-label': 'What happened' });
  const hint = createElement(
    'p',
    { class: 'hint' },
    'Each of the 4,000 digits is enlarged to 112 × 112: 50 MB, which take a moment to write. The browser raises no event when a worker ends; the library finds out.',
  );
  const tell: Tell = (text, isGood) => {
    list.append(createElement('li', isGood ? { 'data-state': 'good' } : {}, text));
    say(text);
  };
  const act = async () => {
    list.replaceChildren();
    hint.hidden = true;
    try {
      await run(pixels, tell);
    } catch (problem) {
      tell(`It failed: ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  };
  const button = createButton('Store 50 MB, and end the worker in the middle', act, true);
  root.append(createElement('div', { class: 'row-of-buttons' }, button), hint, list);
  inspect(memory);
}
