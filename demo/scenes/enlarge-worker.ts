import type { EnlargeRequest, JobReply } from '../job-protocol.ts';

const digitSide = 28;

const post = (reply: JobReply<Uint8Array<ArrayBuffer>>, transfer: Transferable[] = []) =>
  postMessage(reply, transfer);

/** Fills one enlarged digit: each pixel lies between four, and is each as much as that is near. */
function fill(large: Uint8Array, digit: Uint8Array, side: number): void {
  const scale = (digitSide - 1) / (side - 1);
  const at = (row: number, column: number) => digit[row * digitSide + column] ?? 0;
  for (let row = 0; row < side; row++) {
    const top = Math.min(Math.floor(row * scale), digitSide - 2);
    const below = row * scale - top;
    for (let column = 0; column < side; column++) {
      const left = Math.min(Math.floor(column * scale), digitSide - 2);
      const beside = column * scale - left;
      const upper = at(top, left) * (1 - beside) + at(top, left + 1) * beside;
      const lower = at(top + 1, left) * (1 - beside) + at(top + 1, left + 1) * beside;
      large[row * side + column] = Math.round(upper * (1 - below) + lower * below);
    }
  }
}

function enlarge({ digits, side }: EnlargeRequest): Uint8Array<ArrayBuffer> {
  const pixelCount = digitSide ** 2;
  const count = digits.length / pixelCount;
  const large = new Uint8Array(count * side * side);
  for (let digit = 0; digit < count; digit++)
    fill(
      large.subarray(digit * side * side, (digit + 1) * side * side),
      digits.subarray(digit * pixelCount, (digit + 1) * pixelCount),
      side,
    );
  return large;
}

addEventListener('message', ({ data }: MessageEvent<EnlargeRequest>) => {
  post({ kind: 'entered' });
  const values = enlarge(data);
  post({ kind: 'result', values }, [values.buffer]);
});
