import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** esbuild's part of a plugin's context: it has no assets that plugins could emit. */
interface NativeContext {
  readonly framework: string;
  readonly build?: {
    readonly initialOptions?: { absWorkingDir?: string; outdir?: string; outfile?: string; write?: boolean };
  };
}

/**
 * Writes a file into esbuild's output folder, and says whether that was the bundler. The adapter's own emitFile takes
 * the folder relative to the process instead of to `absWorkingDir` (unplugin 3.7).
 */
export function writeBesideOutput(
  context: NativeContext | undefined,
  file: string,
  content: string,
): boolean {
  if (context?.framework !== 'esbuild') return false;
  const { absWorkingDir = process.cwd(), outdir, outfile, write } = context.build?.initialOptions ?? {};
  const folder = outdir ?? (outfile === undefined ? undefined : dirname(outfile));
  if (write === false || folder === undefined) return true;
  const target = resolve(absWorkingDir, folder, file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  return true;
}
