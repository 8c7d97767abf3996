import { createServer, type InlineConfig, type ViteDevServer } from 'vite';
import { type Fingerprints, viteConfig } from './bundlers.ts';
import type { Scenario } from './edits.ts';
import type { Project } from './project.ts';

const modules = ['/src/main.ts', '/src/extra.ts', '/src/model.ts', '/src/rounded.ts'];

/** A real development server on a project, driven through its watcher as an editor would drive it. */
export class DevServer {
  readonly #project: Project;
  readonly #more: InlineConfig;
  #server: ViteDevServer | undefined;

  constructor(project: Project, more: InlineConfig = {}) {
    this.#project = project;
    this.#more = more;
  }

  get server(): ViteDevServer {
    if (!this.#server) throw new Error('The development server is not started');
    return this.#server;
  }

  async start(): Promise<void> {
    const server = { port: 0, host: '127.0.0.1', ws: false as const, middlewareMode: true };
    this.#server = await createServer({
      ...viteConfig(this.#project),
      server,
      appType: 'custom',
      ...this.#more,
    });
    await new Promise<void>((resolve) => {
      this.server.watcher.once('ready', () => resolve());
      // The watcher may have been ready before anyone asked.
      setTimeout(resolve, 500);
    });
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  /** The code of a module as the page would get it. */
  async code(url: string): Promise<string> {
    return (await this.server.environments.client.transformRequest(url))?.code ?? '';
  }

  /** Name of each memoised function to its fingerprint, as the page would get them. */
  async fingerprints(): Promise<Fingerprints> {
    const found = new Map<string, string>();
    for (const url of modules) {
      for (const [, id = '', fingerprint = ''] of (await this.code(url)).matchAll(
        /"?id"?:\s*"([^"]+)",\s*"?fingerprint"?:\s*"([^"]+)"/g,
      )) {
        found.set(id.replace(/^.*#/, ''), fingerprint);
      }
    }
    return found;
  }

  /** Makes a change and waits until the server has heard of every file of it. */
  async afterEvents(files: Scenario['files'], change: () => void): Promise<void> {
    const pending = new Set(Object.keys(files).map((file) => this.#project.path(file)));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`No event for ${[...pending].join(', ')}`)), 10_000);
      const hear = (path: string): void => {
        pending.delete(path);
        if (pending.size > 0) return;
        clearTimeout(timer);
        for (const event of ['change', 'add', 'unlink']) this.server.watcher.off(event, hear);
        // The watcher drops events of one file that follow each other within 50 ms.
        setTimeout(resolve, 80);
      };
      for (const event of ['change', 'add', 'unlink']) this.server.watcher.on(event, hear);
      change();
    });
  }
}
