/** The storage worker's message loop. */
import type { HandleRequest, Reply, RequestMessage } from '../protocol.ts';

/** The worker's global scope, as far as the loop needs it. */
export interface MessagePortLike {
  onmessage: ((event: MessageEvent<RequestMessage>) => void) | null;
  postMessage(reply: Reply, transfer: Transferable[]): void;
}

/** Answers every message. Opening starts with the first one, inside a message handler: see README.md on WebKitGTK. */
export function serve(port: MessagePortLike, open: () => Promise<HandleRequest>): void {
  let opening: Promise<HandleRequest> | undefined;
  port.onmessage = ({ data }) => {
    opening ??= open();
    opening
      .then((handle) => handle(data))
      .then(
        ({ value, transfer }) => port.postMessage({ id: data.id, isDone: true, value }, transfer),
        (error: unknown) => {
          // Firefox throws raw objects for some quota failures: a name is all that they share with errors.
          const { name = 'Error', message = String(error) } = (error ?? {}) as Partial<Error>;
          port.postMessage({ id: data.id, isDone: false, error: { name, message } }, []);
        },
      );
  };
}
