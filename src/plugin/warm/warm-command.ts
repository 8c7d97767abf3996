/** `keepsake warm <calls.ts | page.html>`: the pack of what a built app is asked for first, on the command line. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '../graph/classify.ts';
import { LastPack } from './last-pack.ts';
import { makePack } from './make-pack.ts';
import { viteOf, warmVite } from './vite-warm.ts';
import { type ResolvedWarm, resolveWarm } from './warm-options.ts';

const flags = {
  in: { type: 'string' },
  pack: { type: 'string' },
  'max-bytes': { type: 'string' },
  'timeout-ms': { type: 'string' },
  config: { type: 'string' },
  mode: { type: 'string' },
  channel: { type: 'string' },
  executable: { type: 'string' },
  cache: { type: 'string' },
} as const;

type Values = Readonly<Partial<Record<keyof typeof flags, string>>>;

function optionsOf(calls: string, values: Values): ResolvedWarm {
  const { pack, channel, executable, 'max-bytes': maxBytes, 'timeout-ms': timeoutMs } = values;
  return resolveWarm({
    calls,
    ...(pack !== undefined && { pack }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(timeoutMs !== undefined && { timeoutMs: Number(timeoutMs) }),
    browser: {
      ...(channel !== undefined && { channel }),
      ...(executable !== undefined && { executablePath: executable }),
    },
  });
}

/** A page of any bundler's output, which calls warm() itself. */
async function warmPage(options: ResolvedWarm, folder: string, cache?: string): Promise<void> {
  const root = process.cwd();
  const outDir = resolve(folder);
  await makePack({
    ...{ root, options, base: '/', page: options.calls, pages: new Map(), headers: {} },
    folders: [outDir],
    outDir,
    last: new LastPack(resolve(cache ?? cacheFolder(root)), resolve(outDir, options.pack)),
    log: (line) => console.log(line),
    warn: (line) => console.warn(line),
  });
}

async function warmModule(options: ResolvedWarm, values: Values): Promise<void> {
  const { config: configFile, mode = 'production', cache: cacheDir } = values;
  const { resolveConfig } = await viteOf(process.cwd());
  const inline = { mode, ...(configFile !== undefined && { configFile }) };
  const config = await resolveConfig(inline, 'build', mode, 'production');
  await warmVite(config, options, { ...(cacheDir !== undefined && { cacheDir }) });
}

/** @returns The exit code; undefined where it is misused. */
export async function warmCommand(args: readonly string[]): Promise<number | undefined> {
  const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true });
  const [calls, ...rest] = positionals;
  if (calls === undefined || rest.length > 0) return undefined;
  const options = optionsOf(calls, values);
  if (!calls.endsWith('.html')) await warmModule(options, values);
  else if (values.in === undefined) return undefined;
  else await warmPage(options, values.in, values.cache);
  return 0;
}
