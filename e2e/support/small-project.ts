/** A few modules that a spec writes and edits, on a development server without the build plugin. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, type ViteDevServer } from 'vite';
import { ownPort } from './home.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export class SmallProject {
  readonly url = `http://localhost:${ownPort}/`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'keepsake-small-'));
  #server: ViteDevServer | undefined;

  /** Writes a module; a running server sees it, and tells the page. */
  write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
  }

  /** Serves a page that loads `main.ts`. */
  async serve(): Promise<void> {
    this.write('index.html', '<!doctype html><script type="module" src="/main.ts"></script>');
    this.#server = await createServer({
      root: this.#folder,
      configFile: false,
      logLevel: 'error',
      cacheDir: join(this.#folder, 'cache'),
      resolve: { alias: { keepsake: join(root, 'src/index.ts') } },
      optimizeDeps: { noDiscovery: true, include: [] },
      server: { port: ownPort, strictPort: true, fs: { allow: [this.#folder, root] } },
    });
    await this.#server.listen();
  }

  async dispose(): Promise<void> {
    await this.#server?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
