/** The same in a worker of the application's own. */
import { report } from './cached.js';

report().then(
  (done) => postMessage({ done }),
  (error) => postMessage({ failed: String(error) }),
);
