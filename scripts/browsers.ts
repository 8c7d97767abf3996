/**
 * Finds the browser that tests and benches run in: Playwright's own build where it is installed, else one on PATH.
 * Run as a program it first tries to make one available: Playwright's download, else Debian's package when root.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, firefox } from 'playwright';

export type BrowserName = 'chromium' | 'firefox';

/** What to pass to Playwright's launch functions. */
export interface BrowserLaunch {
  readonly executablePath?: string;
  readonly channel?: string;
  readonly args: string[];
}

const commands = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  firefox: ['firefox-esr', 'firefox'],
};
const debianPackages = { chromium: 'chromium', firefox: 'firefox-esr' };
const types = { chromium, firefox };
const isRoot = process.getuid?.() === 0;

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The browser's program on PATH; KEEPSAKE_CHROMIUM or KEEPSAKE_FIREFOX names another. */
export function findSystemBrowser(name: BrowserName): string | undefined {
  const chosen = process.env[`KEEPSAKE_${name.toUpperCase()}`];
  if (chosen) return chosen;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return commands[name]
    .flatMap((command) => folders.map((folder) => join(folder, command)))
    .find(isExecutable);
}

/** How to launch the browser, or undefined where there is none. */
export function findBrowser(name: BrowserName): BrowserLaunch | undefined {
  // Chromium's sandbox refuses to start as root, which is how containers run.
  const args = name === 'chromium' && isRoot ? ['--no-sandbox'] : [];
  if (existsSync(types[name].executablePath())) return { args };
  const executablePath = findSystemBrowser(name);
  if (!executablePath) return undefined;
  if (name === 'chromium') return { executablePath, args };
  // A stock Firefox is driven over WebDriver BiDi; the shim answers the one command it does not know.
  process.env.KEEPSAKE_FIREFOX = executablePath;
  const shim = fileURLToPath(new URL('./firefox-shim.js', import.meta.url));
  return { executablePath: shim, channel: 'moz-firefox', args };
}

/** As findBrowser(), with an error that says how to get one. */
export function getBrowser(name: BrowserName): BrowserLaunch {
  const found = findBrowser(name);
  if (found) return found;
  throw new Error(
    `No ${name} found: run "npx playwright install ${name}", or install your system's ${debianPackages[name]} package, or set KEEPSAKE_${name.toUpperCase()} to its program`,
  );
}

const run = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 }).status === 0;

function install(name: BrowserName): void {
  if (existsSync(types[name].executablePath())) return;
  const download = spawnSync('npx', ['playwright', 'install', name], { stdio: 'ignore', timeout: 600_000 });
  if (download.status === 0 && existsSync(types[name].executablePath())) return;
  if (findSystemBrowser(name) || !isRoot || !findOnPath('apt-get')) return;
  run('apt-get', 'update', '-qq');
  run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', debianPackages[name]);
}

function findOnPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, command)));
}

if (import.meta.main) {
  const wanted = process.argv.slice(2) as BrowserName[];
  for (const name of wanted.length > 0 ? wanted : (['chromium'] as const)) {
    install(name);
    const { executablePath } = getBrowser(name);
    console.log(`${name}: ${executablePath ?? types[name].executablePath()}`);
  }
}
