/** The tools that keepsake is tried in, and how each of them is started. */

export interface Run {
  readonly name: 'development' | 'build';
  /** With the build plugin. */
  readonly hasPlugin?: boolean;
  /** With the one line that the tool takes. */
  readonly hasLine?: boolean;
  /** Expected to go without the storage worker, and to say so: the line is missing. */
  readonly isWithout?: boolean;
}

export interface Consumer {
  /** Its folder in tools/. */
  readonly tool: string;
  readonly title: string;
  /** What has to be written without the plugin, and with it. */
  readonly line?: string;
  /** Where a build puts the page; a development server runs where there is none. */
  readonly folder?: string;
  /** Whether all of its packages are in our own node_modules: it needs no installation, and runs with the other tests. */
  readonly isLocal?: boolean;
  readonly runs: readonly Run[];
}

const everyWay: readonly Run[] = [
  { name: 'development' },
  { name: 'development', hasPlugin: true },
  { name: 'build' },
  { name: 'build', hasPlugin: true },
];
const builds: readonly Run[] = [{ name: 'build' }, { name: 'build', hasPlugin: true }];
const withLine: readonly Run[] = [
  { name: 'build', isWithout: true },
  { name: 'build', hasLine: true },
  { name: 'build', hasPlugin: true },
];

export const consumers: readonly Consumer[] = [
  { tool: 'vite6', title: 'Vite 6', runs: everyWay },
  { tool: 'vite7', title: 'Vite 7', runs: everyWay },
  { tool: 'vite8', title: 'Vite 8', isLocal: true, runs: everyWay },
  {
    tool: 'esbuild',
    title: 'esbuild',
    isLocal: true,
    line: "entryPoints: { …, 'keepsake/storage-worker': 'keepsake/storage-worker.js' }",
    runs: withLine,
  },
  {
    tool: 'rollup',
    title: 'Rollup',
    line: "input: { …, 'keepsake/storage-worker': 'keepsake/storage-worker.js' }",
    runs: withLine,
  },
  { tool: 'webpack', title: 'webpack 5', runs: builds },
  { tool: 'rspack', title: 'Rspack 2', runs: builds },
  { tool: 'parcel', title: 'Parcel 2', runs: [{ name: 'build' }] },
  { tool: 'import-map', title: 'import map, no tool', isLocal: true, folder: '.', runs: [{ name: 'build' }] },
];
