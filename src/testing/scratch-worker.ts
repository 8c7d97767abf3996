/** Answers with what comes of a function that fills its memory anew, called first of all in this realm. */
import { callRefilled } from './scratch.ts';

addEventListener('message', ({ data: [name, elementCount] }: MessageEvent<readonly [string, number]>) => {
  void callRefilled(name, elementCount).then((kept) => postMessage(kept)); // the test fails where no message comes
});
