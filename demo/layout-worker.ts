import { UMAP } from 'umap-js';
import type { JobReply, LayoutRequest } from './job-protocol.ts';
import { seededRandom } from './seeded-random.ts';

const pixelsPerDigit = 28 * 28;

const post = (reply: JobReply, transfer: Transferable[] = []) => postMessage(reply, transfer);

function toVectors(digits: Uint8Array): number[][] {
  return Array.from({ length: digits.length / pixelsPerDigit }, (_, digit) =>
    Array.from(digits.subarray(digit * pixelsPerDigit, (digit + 1) * pixelsPerDigit), (level) => level / 255),
  );
}

function layout({ digits, neighbours, epochs, seed }: LayoutRequest): Float32Array<ArrayBuffer> {
  const umap = new UMAP({ nNeighbors: neighbours, nEpochs: epochs, random: seededRandom(seed) });
  post({ kind: 'progress', step: 'Finding neighbours' });
  const epochCount = umap.initializeFit(toVectors(digits));
  for (let epoch = 1; epoch <= epochCount; epoch++) {
    umap.step();
    post({ kind: 'progress', step: `Epoch ${epoch} of ${epochCount}`, fraction: epoch / epochCount });
  }
  return Float32Array.from(umap.getEmbedding().flat());
}

addEventListener('message', ({ data }: MessageEvent<LayoutRequest>) => {
  post({ kind: 'entered' });
  const values = layout(data);
  post({ kind: 'result', values }, [values.buffer]);
});
