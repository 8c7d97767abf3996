import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Manifest, ManifestFunction } from '../../fingerprint/fingerprint.ts';
import type { Resolver } from '../graph/analyser.ts';
import type { PluginOptions } from '../options.ts';
import { PluginSession, type TransformOutcome } from '../plugin-session.ts';

export type Files = Readonly<Record<string, string>>;

const endings = ['', '.ts', '.tsx', '.js', '/index.ts'];

/** Resolves relative paths as a bundler does, and bare names in the folder's node_modules. */
function folderResolver(root: string): Resolver {
  const resolve = async (source: string, importer: string): Promise<string | undefined> => {
    const base = source.startsWith('.')
      ? join(dirname(importer), source)
      : join(root, 'node_modules', source, 'index.js');
    return endings.map((ending) => base + ending).find((path) => existsSync(path) && /\.\w+$/.test(path));
  };
  return { key: 'folder', resolve };
}

export interface AnalysedFiles {
  readonly outcome: TransformOutcome;
  /** Label of each memoised function to what the manifest says of it. */
  readonly functions: Readonly<Record<string, ManifestFunction>>;
  readonly manifest: Manifest;
}

const memoryFile = "import { Memory } from 'keepsake';\nexport const memory = new Memory();\n";

/** Writes files into a folder of their own and transforms `main.ts` as the plugin does. `memory.ts` is always there. */
export async function analyseFiles(files: Files, options: PluginOptions = {}): Promise<AnalysedFiles> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'keepsake-files-')));
  try {
    for (const [file, content] of Object.entries({ 'memory.ts': memoryFile, ...files })) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
    const main = Object.keys(files).find((file) => file.startsWith('main.')) ?? 'main.ts';
    const session = new PluginSession({ cacheDir: false, ...options });
    session.configure({ root, names: { constants: new Map([['__VERSION__', '"1"']]) } });
    const outcome = await session.transform(files[main] ?? '', join(root, main), folderResolver(root));
    const manifest = session.manifest();
    const functions = Object.entries(manifest.functions).map(([id, each]) => [
      id.replace(/^[^#]*#/, ''),
      each,
    ]);
    return { outcome, functions: Object.fromEntries(functions), manifest };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The first function's fingerprint. */
export async function fingerprintOf(files: Files, options: PluginOptions = {}): Promise<string> {
  const [first] = Object.values((await analyseFiles(files, options)).functions);
  if (!first) throw new Error('No memoised function was found');
  return first.fingerprint;
}
