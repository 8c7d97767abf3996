/** A realm of the soak in a dedicated worker. */
import { SoakRealm, type SoakReply, type SoakTask } from './soak-realm.ts';

export interface SoakRequest {
  readonly id: number;
  readonly task: SoakTask;
}

export type SoakAnswer =
  | { readonly id: number; readonly reply: SoakReply }
  | { readonly id: number; readonly error: string };

const realm = new SoakRealm();

self.onmessage = ({ data: { id, task } }: MessageEvent<SoakRequest>) => {
  realm.perform(task).then(
    (reply) => self.postMessage({ id, reply } satisfies SoakAnswer),
    (error: unknown) =>
      self.postMessage({ id, error: error instanceof Error ? error.stack : String(error) } as SoakAnswer),
  );
};
