/** Serves the built page on a free port. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

// Isolated pages have a clock of 5 to 20 µs; others one of 100 µs to 1 ms, too coarse for small hits.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

// As any site serves files whose names have their hash: the browser keeps them, and from the third load on their compiled code.
const kept = { 'Cache-Control': 'public, max-age=31536000, immutable' };

export interface Served {
  readonly home: string;
  close(): void;
}

const serverOf = (folder: string): Server =>
  createServer(({ url = '/' }, response) => {
    const path = normalize(new URL(url, 'http://localhost').pathname);
    const file = join(folder, path === '/' ? 'index.html' : path);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      ...isolation,
      ...(path.startsWith('/assets/') && kept),
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    });
    createReadStream(file).pipe(response);
  });

export function serve(folder: string): Promise<Served> {
  const server = serverOf(folder);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, 'localhost', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      resolve({ home: `http://localhost:${port}/`, close: () => void server.close() });
    });
  });
}
