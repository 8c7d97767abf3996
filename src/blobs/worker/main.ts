/** The storage worker's message loop. */
import type { Operations, Reply, Request } from '../protocol.ts';
import { SyncFiles } from './sync-files.ts';

declare const self: DedicatedWorkerGlobalScope;

const files = new SyncFiles();

interface Answer {
  readonly value: unknown;
  readonly transfer: Transferable[];
}

const answer = (value: unknown, transfer: Transferable[] = []): Answer => ({ value, transfer });

async function handle(request: Request): Promise<Answer> {
  switch (request.name) {
    case 'probe':
      return answer(await files.probe(request.folder));
    case 'append': {
      const checks = await files.append(request);
      const reply: Operations['append']['reply'] = { chunk: request.chunk, checks };
      return answer(reply, [request.chunk]);
    }
    case 'abandon':
      return answer(await files.abandon(request.file));
    case 'read': {
      const buffers = await files.read(request.slices);
      return answer(buffers, buffers);
    }
    case 'release':
      return answer(files.release(request.files));
    case 'remove':
      return answer(await files.remove(request.files));
    case 'list':
      return answer(await files.list(request.folder));
    default:
      throw new TypeError(`Unknown request ${String((request satisfies never as Request).name)}`);
  }
}

self.onmessage = ({ data }: MessageEvent<Request>) => {
  handle(data).then(
    ({ value, transfer }) => {
      const reply: Reply = { id: data.id, isDone: true, value };
      self.postMessage(reply, transfer);
    },
    (error: unknown) => {
      // Firefox throws raw objects for some quota failures: a name is all that they share with errors.
      const { name = 'Error', message = String(error) } = (error ?? {}) as Partial<Error>;
      const reply: Reply = { id: data.id, isDone: false, error: { name, message } };
      self.postMessage(reply);
    },
  );
};
