/** A storage worker that serves many stores, each through a port of its own, as if each had started it: starting one takes longer than most of what tests ask of it. */
import { originFiles } from '../../blobs/worker/file-access.ts';
import { openOperations } from '../../blobs/worker/operations.ts';
import { type MessagePortLike, serve } from '../../blobs/worker/serve.ts';

self.onmessage = ({ data }: MessageEvent<{ port: MessagePort }>) => {
  serve(data.port as MessagePortLike, () => openOperations(originFiles)); // a port has both members
};
