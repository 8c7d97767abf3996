/** Puts the storage worker into the output of the bundlers that leave `new Worker(new URL(…))` as it is. */
import { readFileSync, realpathSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginBuild } from 'esbuild';
import type { Plugin } from 'rollup';

/** The files of the library, as it is published next to this plugin, that start the worker. */
const starters = ['part-miss.js', 'single.js'].map((name) =>
  fileURLToPath(new URL(`../${name}`, import.meta.url)),
);
const worker = fileURLToPath(new URL('../keepsake/storage-worker.js', import.meta.url));

/** The worker's URL in the library. */
const workerUrl = /new URL\(\s*(["'`])keepsake\/storage-worker\.js\1,\s*import\.meta\.url\s*\)/;
const workerPath = /(["'`])keepsake\/storage-worker\.js\1/;

/** Scripts that are no modules know themselves only while they run. */
const baseOf = (format: string | undefined): string =>
  format === 'esm'
    ? 'import.meta.url'
    : '(globalThis.document?.currentScript?.src ?? globalThis.location?.href)';

/** esbuild's own loader for files: it names the file, and finds it from whatever chunk the library comes to be in. */
export function emitWithEsbuild(build: PluginBuild): void {
  const name = 'keepsake:storage-worker';
  build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: worker, namespace: name }));
  build.onLoad({ filter: /./, namespace: name }, () => ({ contents: readFileSync(worker), loader: 'file' }));
  build.onLoad({ filter: /[\\/]dist[\\/](?:part-miss|single)\.js$/ }, ({ path }) => {
    if (!starters.includes(realpathSync(path))) return undefined;
    const source = readFileSync(path, 'utf8').replace(workerUrl, 'new URL(keepsakeWorker, keepsakeBase)');
    const named = `import keepsakeWorker from '${name}';\nconst keepsakeBase = ${baseOf(build.initialOptions.format)};`;
    return { contents: `${source}\n${named}\n`, loader: 'js' };
  });
}

/** As an asset of the chunk that holds the library; a change within one line leaves the map of lines right. */
export const emitWithRollup: NonNullable<Plugin['renderChunk']> = function (code, { fileName, moduleIds }) {
  if (!starters.some((each) => moduleIds.includes(each)) || !workerPath.test(code)) return null;
  const source = readFileSync(worker);
  const asset = this.getFileName(this.emitFile({ type: 'asset', name: 'storage-worker.js', source }));
  const path = posix.relative(posix.dirname(fileName), asset);
  return { code: code.replace(workerPath, () => JSON.stringify(path)), map: null };
};
