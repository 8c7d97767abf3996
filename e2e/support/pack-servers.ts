/** Servers that packs are PUT to and read from by range, on loopback: one of Node's own, and nginx as the guide has it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { pagesHome } from './home.ts';
import type { S3Credentials } from './s3-signature.ts';

export interface Answer {
  readonly method: string;
  readonly status: number;
  /** With its header where the server says so. */
  readonly byteLength: number;
}

export interface PackServer {
  /** Ends with a slash. */
  readonly url: string;
  /** What requests are signed with, where they must be. */
  readonly credentials?: S3Credentials;
  /** Where a file is PUT or read, signed where it must be. */
  urlFor(method: 'GET' | 'PUT', name: string): string;
  /** What it answered so far. */
  answers(): readonly Answer[];
  close(): Promise<void>;
}

const origin = pagesHome.replace(/\/$/, '');
const cors = {
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Allow-Methods': 'GET, HEAD, PUT',
  'Access-Control-Allow-Headers': 'Range, Authorization, Content-Type',
  'Access-Control-Expose-Headers': 'ETag, Content-Range',
};

const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'keepsake-packs-'));
const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

class NodeServer implements PackServer {
  readonly #folder = freshFolder();
  readonly #answers: Answer[] = [];
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });
  url = '';

  async listen(): Promise<this> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
    return this;
  }

  urlFor(_method: string, name: string): string {
    return this.url + name;
  }

  answers(): readonly Answer[] {
    return this.#answers;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    removeFolder(this.#folder);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/', headers } = request;
    const file = join(this.#folder, url.replaceAll(/[^\w.]/g, '_'));
    const end = (status: number, byteLength: number, more = {}): void => {
      this.#answers.push({ method, status, byteLength });
      response.writeHead(status, { ...cors, 'Content-Length': byteLength, ...more });
    };
    if (method === 'OPTIONS') return void response.writeHead(204, cors).end();
    if (method === 'PUT') {
      await pipeline(request, createWriteStream(file));
      end(201, 0);
      response.end();
      return;
    }
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) {
      end(404, 0);
      response.end();
      return;
    }
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    const start = Number(from ?? 0);
    const last = Math.min(Number(to ?? stat.size), stat.size - 1);
    const range = from === undefined ? {} : { 'Content-Range': `bytes ${start}-${last}/${stat.size}` };
    end(from === undefined ? 200 : 206, last + 1 - start, { ETag: `"${stat.mtimeMs}"`, ...range });
    await pipeline(createReadStream(file, { start, end: last }), response);
  }
}

/** The guide's lines for nginx, with this machine's folder and addresses. */
function locationOf(folder: string): string {
  const guide = readFileSync(fileURLToPath(new URL('../../docs/sharing.md', import.meta.url)), 'utf8');
  const [, lines = ''] = /```nginx\n([\s\S]*?)```/.exec(guide) ?? [];
  const changes = { '/srv/keepsake': folder, '10.0.0.0/8': '127.0.0.1', 'https://app.example.com': origin };
  return Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The guide's lines for nginx have no ${from}`);
    return text.replaceAll(from, to);
  }, lines);
}

async function freePort(): Promise<number> {
  const socket = createSocket();
  await once(socket.listen(0, '127.0.0.1'), 'listening');
  const { port } = socket.address() as AddressInfo; // it listens on a port
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

export const nginxPath = (): string | undefined =>
  ['nginx', '/usr/sbin/nginx'].find((path) => spawnSync(path, ['-v']).status === 0);

class NginxServer implements PackServer {
  readonly #folder = freshFolder();
  readonly #process: ChildProcess;
  readonly url: string;

  constructor(path: string, port: number) {
    const folder = this.#folder;
    mkdirSync(join(folder, 'lab'));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    const config = [
      ...['daemon off;', `pid ${folder}/pid;`, ...(process.getuid?.() === 0 ? ['user root;'] : [])],
      'events {}',
      `http { ${temporary.join(' ')} log_format plain '$request_method $status $bytes_sent';`,
      `access_log ${folder}/log plain; server { listen 127.0.0.1:${port};`,
      `${locationOf(folder)} } }`,
    ];
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, config.join('\n'));
    this.#process = spawn(path, ['-c', file, '-e', `${folder}/errors`], { stdio: 'inherit' });
    this.url = `http://127.0.0.1:${port}/lab/`;
  }

  urlFor(_method: string, name: string): string {
    return this.url + name;
  }

  answers(): readonly Answer[] {
    const lines = readFileSync(join(this.#folder, 'log'), 'utf8').trim().split('\n');
    return lines.map((line) => {
      const [method = '', status, byteLength] = line.split(' ');
      return { method, status: Number(status), byteLength: Number(byteLength) };
    });
  }

  async close(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill();
    await gone;
    removeFolder(this.#folder);
  }
}

export const startNode = (): Promise<PackServer> => new NodeServer().listen();

export async function startNginx(path: string): Promise<PackServer> {
  return new NginxServer(path, await freePort());
}
