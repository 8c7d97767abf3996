import type { DistancesRequest, JobReply } from './job-protocol.ts';

const pixelsPerDigit = 28 * 28;
const rowsPerReport = 40;

const post = (reply: JobReply, transfer: Transferable[] = []) => postMessage(reply, transfer);

function distance(digits: Uint8Array, first: number, second: number): number {
  let sum = 0;
  for (let pixel = 0; pixel < pixelsPerDigit; pixel++) {
    const difference = (digits[first + pixel] ?? 0) - (digits[second + pixel] ?? 0);
    sum += Math.imul(difference, difference);
  }
  return Math.sqrt(sum) / 255;
}

function distances(digits: Uint8Array): Float32Array<ArrayBuffer> {
  const count = digits.length / pixelsPerDigit;
  const pairCount = (count * (count - 1)) / 2;
  const matrix = new Float32Array(count * count);
  for (let row = 0; row < count; row++) {
    for (let column = row + 1; column < count; column++) {
      const value = distance(digits, row * pixelsPerDigit, column * pixelsPerDigit);
      matrix[row * count + column] = value;
      matrix[column * count + row] = value;
    }
    if (row % rowsPerReport === 0) {
      const pairsDone = (row + 1) * (count - 1) - (row * (row + 1)) / 2;
      post({ kind: 'progress', step: 'Measuring pairs', fraction: pairsDone / pairCount });
    }
  }
  return matrix;
}

addEventListener('message', ({ data }: MessageEvent<DistancesRequest>) => {
  post({ kind: 'entered' });
  const values = distances(data.digits);
  post({ kind: 'result', values }, [values.buffer]);
});
