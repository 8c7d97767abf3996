/** Answers with a report. */
import { report } from './cached.js';

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = () =>
    report().then(
      (done) => port.postMessage({ done }),
      (error) => port.postMessage({ failed: String(error) }),
    );
};
