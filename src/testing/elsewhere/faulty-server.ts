/**
 * An HTTP server with faults, for tests in browsers: it keeps what is PUT below a path, and answers as the path's first
 * part says: `/500/…`, `/slow-300/…`, `/random-17/…` (a fault for each request, by a seeded sequence). It runs in Node.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Stored {
  readonly bytes: Buffer;
  readonly etag: string;
}

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly status: number;
  readonly byteLength: number;
}

const faults = [
  ...['none', 'none', 'none', 'none', '404', '403', '500', 'hang', 'cut', 'wrong-bytes', 'wrong-length'],
  ...['no-range', 'wrong-range', 'no-cors', 'redirect', 'slow-30', 'slow-400', 'empty', 'no-etag', 'html'],
];

/** mulberry32: the same sequence on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** [start, end) of the request's range, within the file. */
function rangeOf(header: string | undefined, size: number): readonly [number, number] | undefined {
  const match = /^bytes=(\d+)-(\d+)$/.exec(header ?? '');
  return match ? [Number(match[1]), Math.min(Number(match[2]) + 1, size)] : undefined;
}

export class FaultyServer {
  readonly #files = new Map<string, Stored>();
  readonly #log: LoggedRequest[] = [];
  readonly #sequences = new Map<string, () => number>();
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });
  #versions = 0;

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const [, first = 'none', ...rest] = url.split('/');
    const path = rest.join('/');
    const fault = this.#faultOf(first);
    if (fault !== 'no-cors') {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, PUT');
      response.setHeader('Access-Control-Allow-Headers', '*');
      response.setHeader('Access-Control-Expose-Headers', 'ETag, Content-Range');
    }
    if (method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    if (first === 'log') return this.#tell(response, path);
    if (fault === 'hang') return;
    if (fault.startsWith('slow-'))
      await new Promise((resolve) => setTimeout(resolve, Number(fault.slice(5))));
    if (fault === 'redirect') {
      response.writeHead(302, { Location: `/none/${path}` }).end();
      return;
    }
    if (/^\d+$/.test(fault)) return this.#end(request, response, { status: Number(fault), path });
    if (method === 'PUT') {
      this.#versions += 1;
      this.#files.set(path, { bytes: await bodyOf(request), etag: `"${this.#versions}"` });
      return this.#end(request, response, { status: 201, path });
    }
    this.#send(request, response, { path, fault });
  }

  #faultOf(name: string): string {
    if (!name.startsWith('random-')) return name;
    const random = this.#sequences.get(name) ?? randomOf(Number(name.slice(7)));
    this.#sequences.set(name, random);
    return faults[Math.floor(random() * faults.length)] ?? 'none';
  }

  #tell(response: ServerResponse, path: string): void {
    const found = this.#log.filter((each) => each.path.startsWith(path));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(found));
  }

  #send(
    request: IncomingMessage,
    response: ServerResponse,
    { path, fault }: { readonly path: string; readonly fault: string },
  ): void {
    const file = this.#files.get(path);
    if (!file) {
      this.#end(request, response, { status: 404, path });
      return;
    }
    const { bytes, etag } = file;
    if (fault !== 'no-etag') response.setHeader('ETag', etag);
    const range = fault === 'no-range' ? undefined : rangeOf(request.headers.range, bytes.length);
    if (range && range[0] >= bytes.length) {
      this.#end(request, response, { status: 416, path });
      return;
    }
    if (range) {
      const shift = fault === 'wrong-range' ? 1 : 0;
      response.setHeader(
        'Content-Range',
        `bytes ${range[0] + shift}-${range[1] - 1 + shift}/${bytes.length}`,
      );
    }
    const body = Buffer.from(range ? bytes.subarray(...range) : bytes);
    if (fault === 'wrong-bytes')
      for (let at = 3; at < body.length; at += 97) body[at] = (body[at] ?? 0) ^ 0x55;
    const sent = {
      'wrong-length': body.subarray(1),
      empty: body.subarray(0, 0),
      html: Buffer.from('<html>'),
    };
    const status = range ? 206 : 200;
    if (fault !== 'cut') {
      const content = sent[fault as keyof typeof sent] ?? body; // undefined for every other fault
      this.#end(request, response, { status, path, body: content });
      return;
    }
    response.writeHead(status, { 'Content-Length': body.length });
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  }

  #end(
    { method = 'GET', headers: { range } }: IncomingMessage,
    response: ServerResponse,
    { status, path, body = Buffer.alloc(0) }: { status: number; path: string; body?: Buffer },
  ): void {
    this.#log.push({ method, path, range, status, byteLength: method === 'GET' ? body.length : 0 });
    response.writeHead(status, { 'Content-Length': body.length }).end(method === 'HEAD' ? undefined : body);
  }
}
