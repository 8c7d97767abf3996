/** A plain web server: files as they are, 404 for the others. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import type { Served } from './consumers.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

/** Below `base`. Where the scripts come from elsewhere, the page says so by its base URL. */
export function serveFolder(
  folder: string,
  port: number,
  { base = '/', headers = {}, isElsewhere = false }: Served = {},
): Promise<Server> {
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const path = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const type = types[extname(path)] ?? 'application/octet-stream';
    try {
      if (!path.startsWith(base)) throw new Error('Outside of the base');
      const bytes = await readFile(join(folder, path.slice(base.length)));
      response.writeHead(200, { 'Content-Type': type, ...headers });
      if (!isElsewhere || type !== 'text/html') response.end(bytes);
      else response.end(String(bytes).replace('<head>', `<head><base href="http://localhost:${port}/">`));
    } catch {
      response.writeHead(404).end();
    }
  });
  return listen(server, port);
}

function listen(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve(server));
  });
}

/** The first from `port` on that nobody listens at. */
export async function freePort(port: number): Promise<number> {
  const server = await listen(createServer(), port).catch(() => undefined);
  if (!server) return freePort(port + 1);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
