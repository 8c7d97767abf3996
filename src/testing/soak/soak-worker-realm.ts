/** Drives a realm of the soak in a dedicated worker. */
import type { SoakReply, SoakTask } from './soak-realm.ts';
import type { SoakAnswer } from './soak-worker.ts';

export class SoakWorkerRealm {
  #worker = this.#start();
  #lastId = 0;
  readonly #waiting = new Map<number, PromiseWithResolvers<SoakReply>>();

  perform(task: SoakTask): Promise<SoakReply> {
    this.#lastId += 1;
    const reply = Promise.withResolvers<SoakReply>();
    this.#waiting.set(this.#lastId, reply);
    this.#worker.postMessage({ id: this.#lastId, task });
    return reply.promise;
  }

  /** Ends the thread as it is, with whatever it holds, and starts another. */
  replace(): void {
    this.#worker.terminate();
    this.#worker = this.#start();
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./soak-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<SoakAnswer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('reply' in data) waiting?.resolve(data.reply);
      else waiting?.reject(new Error(data.error));
    };
    worker.onerror = ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(message));
    };
    return worker;
  }
}
