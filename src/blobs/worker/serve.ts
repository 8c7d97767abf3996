/** The storage worker's message loop. */
import type { HandleRequest, Reply, RequestMessage } from '../protocol.ts';
import { SignOfLife } from './sign-of-life.ts';

/** The worker's global scope, as far as the loop needs it. */
export interface MessagePortLike {
  onmessage: ((event: MessageEvent<RequestMessage>) => void) | null;
  postMessage(reply: Reply, transfer: Transferable[]): void;
}

/** Answers every message. Opening starts with the first one, inside a message handler: see README.md on WebKitGTK. */
export function serve(port: MessagePortLike, open: () => Promise<HandleRequest>): void {
  const life = new SignOfLife();
  let opening: Promise<HandleRequest> | undefined;
  port.onmessage = ({ data }) => {
    life.begin(data.lock);
    opening ??= open();
    opening
      .then((handle) => handle(data))
      .then(({ value, transfer }) => port.postMessage({ id: data.id, isDone: true, value }, transfer))
      // What cannot be sent is an answer, too: memory that is too large, or that there is not twice.
      .catch((error: unknown) => {
        // Firefox throws raw objects for some quota failures: a name is all that they share with errors.
        const { name = 'Error', message = String(error) } = (error ?? {}) as Partial<Error>;
        port.postMessage({ id: data.id, isDone: false, error: { name, message } }, []);
      })
      .finally(() => {
        life.end();
        // The page is about to be hidden, or to end the worker.
        if (data.name === 'releaseAll') life.rest();
      });
  };
}
