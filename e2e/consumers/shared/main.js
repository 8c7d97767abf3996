/** The page: its own report, and that of a worker. */
import { report } from './cached.js';

const inWorker = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./in-worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => (data.done ? resolve(data.done) : reject(new Error(data.failed)));
    worker.onerror = ({ message }) => reject(new Error(`The worker failed: ${message}`));
  });

const run = async () => ({ page: await report(), worker: await inWorker() });
window.consumer = run();
