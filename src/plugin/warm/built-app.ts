/** Serves what was built on loopback, and takes the pack that the page hands over. */
import { createReadStream, createWriteStream, type Stats, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What modules, WebAssembly and styles are refused without. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

export interface BuiltFiles {
  /** Looked into in this order. */
  readonly folders: readonly string[];
  /** Path that they are served under; begins and ends with a slash. */
  readonly base: string;
  /** Pages, by name. */
  readonly pages: ReadonlyMap<string, string>;
  /** Sent with every file: what isolates an app that needs it. */
  readonly headers: Readonly<Record<string, string>>;
  /** The file that the page's PUT is written to, and the one that it reads first. */
  readonly pack: string;
  readonly last: string | undefined;
}

/** Where the page finds the last pack, and puts the new one. */
export const LAST_PACK = '/@keepsake/last.pack';
export const NEW_PACK = '/@keepsake/new.pack';

export class BuiltApp {
  readonly #files: BuiltFiles;
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy()); // the page hears of it
  });

  constructor(files: BuiltFiles) {
    this.#files = files;
  }

  /** @returns The origin. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on a port
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pack, last, headers, pages } = this.#files;
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'PUT' && pathname === NEW_PACK) {
      await pipeline(request, createWriteStream(pack));
      return void response.writeHead(201).end();
    }
    const page = pages.get(pathname);
    if (page !== undefined)
      return void response.writeHead(200, { ...headers, 'Content-Type': types['.html'] }).end(page);
    const file = pathname === LAST_PACK ? last : this.#find(decodeURIComponent(pathname));
    const stat = file === undefined ? undefined : fileAt(file);
    if (file === undefined || !stat) return void response.writeHead(404).end();
    await sendFile(file, stat, { request, response, headers });
  }

  #find(pathname: string): string | undefined {
    const { folders, base } = this.#files;
    if (!pathname.startsWith(base)) return undefined;
    const path = normalize(pathname.slice(base.length));
    if (path.split(sep).includes('..')) return undefined;
    const named = path === '' || path === '.' || path.endsWith(sep) ? join(path, 'index.html') : path;
    return folders.map((folder) => join(folder, named)).find(fileAt);
  }
}

function fileAt(file: string): Stats | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? stat : undefined;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly headers: Readonly<Record<string, string>>;
}

async function sendFile(file: string, { size }: Stats, exchange: Exchange): Promise<void> {
  const { request, response, headers } = exchange;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = Math.min(to ? Number(to) : size - 1, size - 1);
  const isRange = from !== undefined && start <= end;
  response.writeHead(isRange ? 206 : 200, {
    ...headers,
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Length': isRange ? end + 1 - start : size,
    ...(isRange && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
  });
  if (request.method === 'HEAD') return void response.end();
  await pipeline(createReadStream(file, isRange ? { start, end } : {}), response);
}
