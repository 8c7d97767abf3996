/**
 * Runs browser tests in WebKitGTK, of which Playwright has no driver: a Vitest provider that opens the test page in a
 * window of its own, on a display that nobody sees. Nothing in a page is clicked, so opening it is all there is to do.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineBrowserProvider } from '@vitest/browser';
import type { BrowserProvider, BrowserProviderOption, TestProject } from 'vitest/node';

const program = fileURLToPath(new URL('./webkitgtk.py', import.meta.url));

/** What turns on the origin's private file system, as far as WebKitGTK has it: without sync access handles. */
export const fileSystemFeatures = [
  'FileSystem',
  'AccessHandle',
  'StorageAPI',
  'StorageAPIEstimate',
  'FileSystemWritableStream',
];

export interface WebKitGtkOptions {
  /** Engine features to turn on, by WebKit's identifiers. */
  readonly features: readonly string[];
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

interface Screen {
  /** As DISPLAY names it. */
  readonly display: string;
  readonly server: ChildProcess;
}

/** A virtual display; resolves when it takes windows. */
async function openDisplay(): Promise<Screen> {
  // It picks a free number, and writes it to the descriptor when it is ready.
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ready = server.stdio[3];
  if (!ready) throw new Error('Xvfb has no descriptor to tell its display by');
  const [number] = await once(ready, 'data');
  return { display: `:${String(number).trim()}`, server };
}

class WebKitGtkProvider implements BrowserProvider {
  readonly name = 'webkitgtk';
  readonly supportsParallelism = false;
  readonly #features: readonly string[];
  readonly #profile = mkdtempSync(join(tmpdir(), 'keepsake-webkitgtk-'));
  #screen: Screen | undefined;
  #browser: ChildProcess | undefined;

  constructor(project: TestProject, { features }: WebKitGtkOptions) {
    this.#features = features;
    // Vitest calls it by this name, which its types keep to themselves: the frame has the size of the window.
    const name = '__vitest_viewport' as Parameters<NonNullable<typeof project.browser>['registerCommand']>[0];
    project.browser?.registerCommand(name, async () => undefined);
    process.once('exit', this.#endNow);
    process.once('SIGTERM', () => process.exit(143)); // as it would, and by way of 'exit'
  }

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(_sessionId: string, url: string): Promise<void> {
    await end(this.#browser);
    this.#screen ??= await openDisplay();
    this.#browser = spawn(program, [this.#profile, this.#features.join(','), url], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DISPLAY: this.#screen.display },
    });
  }

  /** Where Vitest is ended before it closes what it opened. */
  readonly #endNow = (): void => {
    this.#browser?.kill();
    this.#screen?.server.kill();
    rmSync(this.#profile, { recursive: true, force: true });
  };

  async close(): Promise<void> {
    process.off('exit', this.#endNow);
    await end(this.#browser);
    await end(this.#screen?.server);
    rmSync(this.#profile, { recursive: true, force: true });
  }
}

/** The provider, for `browser.provider` in a Vitest config. */
export const webkitgtk = (options: WebKitGtkOptions): BrowserProviderOption =>
  defineBrowserProvider({
    name: 'webkitgtk',
    supportedBrowser: ['webkit'],
    options,
    providerFactory: (project) => new WebKitGtkProvider(project, options),
  });
