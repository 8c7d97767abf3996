/** Answers with a report. */
import { report } from './cached.js';

self.onmessage = (event) =>
  event.waitUntil(
    report().then(
      (done) => event.ports[0].postMessage({ done }),
      (error) => event.ports[0].postMessage({ failed: String(error) }),
    ),
  );
