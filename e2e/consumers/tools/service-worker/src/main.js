/** A service worker does the work; the page asks for its report. */
async function ask() {
  await navigator.serviceWorker.register('./service.js', { type: 'module' });
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  active.postMessage('report', [port2]);
  const { done, failed } = await answer;
  if (failed) throw new Error(failed);
  return { page: done };
}

window.consumer = ask();
