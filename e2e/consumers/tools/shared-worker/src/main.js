/** A SharedWorker does the work; the page asks for its report. */
const worker = new SharedWorker(new URL('./shared.js', import.meta.url), { type: 'module' });

window.consumer = new Promise((resolve, reject) => {
  worker.port.onmessage = ({ data }) =>
    data.done ? resolve({ page: data.done }) : reject(new Error(data.failed));
  worker.onerror = ({ message }) => reject(new Error(`The worker failed: ${message}`));
  worker.port.postMessage('report');
});
