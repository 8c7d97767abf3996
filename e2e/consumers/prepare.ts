/** Puts a consumer's files, and the package as it is published, into a folder of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Consumer, Run } from './consumers.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const home = here('../..');

/**
 * Outside of the project, so that nothing of its node_modules is found by chance; and each checkout has its own, since
 * their runs may overlap.
 */
const work = join(
  tmpdir(),
  `keepsake-consumers-${createHash('sha256').update(home).digest('hex').slice(0, 8)}`,
);
const tarball = join(work, 'keepsake.tgz');

/** Packs dist/, which is built first where it is missing. */
export function pack(): void {
  mkdirSync(work, { recursive: true });
  if (!existsSync(join(home, 'dist/index.js')))
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: home, stdio: 'inherit' });
  const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', work], {
    cwd: home,
    encoding: 'utf8',
  });
  cpSync(join(work, name.trim()), tarball);
}

const npm = (cwd: string, ...args: readonly string[]): void => {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
};

/** Installs once; afterwards only the package itself is new. */
export function install(folder: string): void {
  const modules = join(folder, 'node_modules');
  if (!existsSync(join(modules, '.package-lock.json')))
    npm(folder, 'install', '--no-audit', '--no-fund', tarball);
  unpack(join(modules, 'keepsake'));
}

function unpack(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}

/** Takes what is already installed for the project itself. */
function link(folder: string, names: readonly string[]): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const name of names) {
    const target = join(modules, name);
    if (name.includes('/')) mkdirSync(join(target, '..'), { recursive: true });
    if (!existsSync(target)) symlinkSync(join(home, 'node_modules', name), target);
  }
  unpack(join(modules, 'keepsake'));
}

export function workFolder(name: string): string {
  const folder = join(work, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The folder, ready to be built. */
export function prepare({ tool, isLocal }: Consumer): string {
  const folder = workFolder(tool);
  for (const name of readdirSync(folder).filter(
    (each) => !['node_modules', 'package-lock.json'].includes(each),
  ))
    rmSync(join(folder, name), { recursive: true, force: true });
  // What was bundled in advance of the package's last state.
  for (const name of ['.vite', '.cache'])
    rmSync(join(folder, 'node_modules', name), { recursive: true, force: true });
  const source = here(`tools/${tool}`);
  cpSync(here('shared'), join(folder, 'src'), { recursive: true });
  cpSync(join(folder, 'src/index.html'), join(folder, 'index.html'));
  cpSync(source, folder, { recursive: true });
  if (!isLocal) install(folder);
  else link(folder, namesFor(folder));
  return folder;
}

/** What a consumer asks for, what keepsake asks for, and what its plugin does. */
function namesFor(folder: string): string[] {
  const own = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return Object.keys({ ...dependencies, ...peerDependencies, ...own.dependencies });
}

const environment = ({ hasPlugin, hasLine, env }: Run, port = 0): NodeJS.ProcessEnv => ({
  ...process.env,
  ...env,
  PLUGIN: hasPlugin ? '1' : '',
  LINE: hasLine ? '1' : '',
  PORT: String(port),
  NODE_ENV: undefined,
  CI: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  ASTRO_TELEMETRY_DISABLED: '1',
  NG_CLI_ANALYTICS: 'false',
});

export function build(folder: string, run: Run): void {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of ['dist', 'out', 'build', '.output'])
    rmSync(join(folder, name), { recursive: true, force: true });
  if (!scripts.build) return;
  const log = join(folder, 'build.log');
  try {
    const output = execFileSync('npm', ['run', 'build'], {
      cwd: folder,
      env: environment(run),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    writeFileSync(log, output);
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }; // what execFileSync throws
    throw new Error(`It does not build:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** A development server in a group of its own, so that it ends with all that it starts. */
export interface DevelopmentServer {
  /** What it has said so far. */
  output(): string;
  /** Resolves when it is gone: the next one may use the same folder. */
  end(): Promise<void>;
}

export function serveDevelopment(folder: string, run: Run, port: number): DevelopmentServer {
  const log = join(folder, 'development.log');
  const file = openSync(log, 'w');
  const child = spawn('npm', ['run', 'dev'], {
    cwd: folder,
    env: environment(run, port),
    detached: true,
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  return { output: () => readFileSync(log, 'utf8'), end: () => endGroup(child) };
}

async function endGroup({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  const signal = (name: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-pid, name);
    } catch {
      return false; // nobody is left
    }
  };
  signal('SIGTERM');
  for (const until = Date.now() + 10_000; signal(0); ) {
    if (Date.now() > until) signal('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
