/** Builds a batch of random programs, and serves what was built. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type PluginOption } from 'vite';
import { keepsake } from '../../src/plugin/vite.ts';
import { lowerDecorators } from '../lower-decorators.ts';
import { mainText, memoryText, uncachedText } from './page-text.ts';
import { type Mode, programText } from './program-text.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** One batch under one way of telling code, and the same without a cache. */
export class Batch {
  readonly #folder = mkdtempSync(join(tmpdir(), 'keepsake-random-'));
  readonly #server: Server;

  constructor() {
    this.#server = createServer(({ url = '/' }, response) => {
      try {
        const { pathname } = new URL(url, 'http://localhost');
        const body = readFileSync(
          join(this.#folder, 'dist', pathname.endsWith('/') ? `${pathname}index.html` : pathname),
        );
        response.setHeader('content-type', types[extname(pathname)] ?? 'text/html').end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
  }

  /** Writes and builds the programs; the page is at `/cached/`, the one without a cache at `/uncached/`. */
  async build(seeds: readonly number[], mode: Mode): Promise<string> {
    const source = join(this.#folder, 'src');
    mkdirSync(source, { recursive: true });
    const write = (name: string, text: string): void => writeFileSync(join(source, name), text);
    for (const seed of seeds) write(`program-${seed}.ts`, `// @ts-nocheck\n${programText(seed, mode)}`);
    write('main.ts', mainText(seeds));
    write('memory.ts', memoryText);
    write('uncached.ts', uncachedText);
    write('index.html', '<!doctype html><script type="module" src="/main.ts"></script>');
    cpSync(join(root, 'scripts/identity/random-source.ts'), join(source, 'random-source.ts'));
    const plugins = mode === 'plugin' ? [keepsake({ cacheDir: false, manifest: false })] : [];
    await this.#bundle('cached', join(root, 'src/index.ts'), plugins);
    await this.#bundle('uncached', join(source, 'uncached.ts'), []);
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    // An address with a port, since it listens on one.
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async #bundle(name: string, library: string, plugins: PluginOption[]): Promise<void> {
    await build({
      root: join(this.#folder, 'src'),
      base: `/${name}/`,
      configFile: false,
      logLevel: 'silent',
      resolve: { alias: { keepsake: library } },
      plugins: [...plugins, lowerDecorators(/program-\d+\.ts$/)],
      build: { outDir: join(this.#folder, 'dist', name), emptyOutDir: true, target: 'es2022' },
    });
  }

  dispose(): void {
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
