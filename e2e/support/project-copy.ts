/** A copy of the demo whose files a spec may edit, served by Vite in development or from its production build. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownPort } from './home.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const parts = [
  'index.html',
  'tab.html',
  'package.json',
  'tsconfig.json',
  'vite.config.ts',
  'demo',
  'scripts',
  'src',
];

/** One origin for both servers: what development stores, the build finds. */
const port = ownPort + 1;

export class ProjectCopy {
  readonly url = `http://localhost:${port}/`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'keepsake-project-'));
  #server: ChildProcess | undefined;

  constructor() {
    for (const part of parts) cpSync(join(root, part), join(this.#folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
  }

  /** Replaces text in a file; returns what puts it back. */
  edit(file: string, from: string, to: string): () => void {
    const path = join(this.#folder, file);
    const before = readFileSync(path, 'utf8');
    if (!before.includes(from)) throw new Error(`${file} has no "${from}"`);
    writeFileSync(path, before.replace(from, to));
    return () => writeFileSync(path, before);
  }

  serveDevelopment(): Promise<void> {
    return this.#serve(['--port', String(port)]);
  }

  async serveBuild(): Promise<void> {
    await this.stop();
    await this.build();
    await this.#serve(['preview', '--port', String(port)]);
  }

  build(): Promise<void> {
    return this.#run(['build', '--logLevel', 'warn']);
  }

  /** What `keepsake warm` prints. */
  warm(calls: string, ...args: readonly string[]): string {
    const command = ['src/plugin/command.ts', 'warm', calls, '--cache', 'cache', ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: this.#folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`keepsake warm ended with ${status}: ${stderr}`);
    return stdout.trim();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null) return;
    const exited = new Promise((resolve) => server.once('exit', resolve));
    server.kill();
    await exited;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Resolves when the server has said where it listens. */
  async #serve(args: readonly string[]): Promise<void> {
    const server = this.#spawn(args);
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.stdout?.on('data', (text) => String(text).includes('Local') && resolve());
      server.once('exit', (code) => reject(new Error(`vite ${args.join(' ')} ended with ${code}`)));
    });
  }

  async #run(args: readonly string[]): Promise<void> {
    const code = await new Promise((resolve) => this.#spawn(args).once('exit', resolve));
    if (code !== 0) throw new Error(`vite ${args.join(' ')} ended with ${code}`);
  }

  #spawn(args: readonly string[]): ChildProcess {
    return spawn(join(root, 'node_modules/.bin/vite'), args, {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, BROWSER: 'none', NO_COLOR: '1' },
    });
  }
}
