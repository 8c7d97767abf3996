/** Calls announced() as a worker realm does, through a Memory of its own: { call: [name, n] } and { release: true }. */
import { Memory } from '../memory/memory.ts';
import { announced, releaseHere } from './announced.ts';

export type Request = { readonly call: readonly [name: string, n: number] } | { readonly release: true };

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  if ('release' in data) {
    releaseHere();
    return;
  }
  const [name, n] = data.call;
  const memory = new Memory({ name });
  void memory
    .cache(announced, { id: 'announced', captures: () => ({}) })(n)
    .then((value) => postMessage(value)); // the test fails where no message comes
});
