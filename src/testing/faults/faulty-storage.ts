/** Storage workers whose files fail: for stores that have a port each, or, where it may end, one for itself. */
import { originFiles } from '../../blobs/worker/file-access.ts';
import { openOperations } from '../../blobs/worker/operations.ts';
import { type MessagePortLike, serve } from '../../blobs/worker/serve.ts';
import { type FileFaultOptions, FileFaults, faultyFiles } from './faulty-files.ts';

export type FaultsWanted = Pick<FileFaultOptions, 'seed' | 'share'>;

/** Tells the page which faults there were: the worker may not live to be asked. */
const notes = new BroadcastChannel('keepsake-file-faults');

function serveFaulty(port: MessagePortLike, wanted: FaultsWanted, end?: () => void): void {
  const faults = new FileFaults({
    ...wanted,
    end,
    note: (operation, fault) => notes.postMessage(`${operation} ${fault}`),
  });
  serve(port, () => openOperations(faultyFiles(originFiles, faults)));
}

/** What a worker that has ended still has to say is not heard. */
function serveAlone(wanted: FaultsWanted): void {
  let isOver = false;
  const port: MessagePortLike = {
    onmessage: null,
    postMessage: (reply, transfer) => isOver || self.postMessage(reply, { transfer }),
  };
  serveFaulty(port, wanted, () => {
    isOver = true;
    self.close();
  });
  self.onmessage = (event) => isOver || port.onmessage?.(event);
}

if (self.name === '') {
  self.onmessage = ({ data }: MessageEvent<{ port: MessagePort; wanted: FaultsWanted }>) =>
    serveFaulty(data.port as MessagePortLike, data.wanted); // a port has both members
} else serveAlone(JSON.parse(self.name));
