/**
 * Finds the browser that tests and benches run in: Playwright's own build where it is installed, else one on PATH.
 * Run as a program it first tries to make one available: Playwright's download, else Debian's package when root:
 * `node scripts/browsers.ts [chromium] [firefox] [webkitgtk]`.
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
export const browserTypes = { chromium, firefox };
/** A browser window for WebKitGTK, see webkitgtk.py, and a display for it. */
const webKitGtkPackages = ['python3-gi', 'gir1.2-webkit2-4.1', 'xvfb'];
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
  if (existsSync(browserTypes[name].executablePath())) return { args };
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
  if (existsSync(browserTypes[name].executablePath())) return;
  const download = spawnSync('npx', ['playwright', 'install', name], { stdio: 'ignore', timeout: 600_000 });
  if (download.status === 0 && existsSync(browserTypes[name].executablePath())) return;
  if (!findSystemBrowser(name)) installPackages(debianPackages[name]);
}

const canInstallPackages = (): boolean => isRoot && findOnPath('apt-get');

function installPackages(...packages: readonly string[]): void {
  if (!canInstallPackages()) return;
  run('apt-get', 'update', '-qq');
  run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages);
}

const exitsWell = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Whether all that WebKitGTK needs is installed. */
export function hasWebKitGtk(): boolean {
  const bindings = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')";
  return findOnPath('Xvfb') && exitsWell('/usr/bin/python3', '-c', bindings);
}

/** Why its tests are left out; undefined where they run. A CI machine that could install it has no excuse. */
export function whyNoWebKitGtk(): string | undefined {
  if (hasWebKitGtk() || (process.env.CI !== undefined && canInstallPackages())) return undefined;
  return `install ${webKitGtkPackages.join(', ')} (Debian's names) to run them`;
}

function provideWebKitGtk(): string {
  if (!hasWebKitGtk()) installPackages(...webKitGtkPackages);
  const reason = whyNoWebKitGtk();
  if (reason) return `left out; ${reason}`;
  if (!hasWebKitGtk()) throw new Error(`apt-get did not install ${webKitGtkPackages.join(', ')}`);
  return '/usr/bin/python3 scripts/webkitgtk.py';
}

function findOnPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, command)));
}

function provide(name: BrowserName): string {
  install(name);
  const { executablePath } = getBrowser(name);
  return executablePath ?? browserTypes[name].executablePath();
}

if (import.meta.main) {
  const wanted = process.argv.slice(2);
  for (const name of wanted.length > 0 ? wanted : ['chromium']) {
    const place = name === 'webkitgtk' ? provideWebKitGtk() : provide(name as BrowserName); // as the usage says
    console.log(`${name}: ${place}`);
  }
}
