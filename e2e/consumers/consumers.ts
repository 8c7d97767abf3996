/** The tools and set-ups that keepsake is tried in, and what is expected of each. */

export interface Run {
  readonly name: 'development' | 'build';
  /** What is special about it. */
  readonly about?: string;
  /** With the build plugin. */
  readonly hasPlugin?: boolean;
  /** With the line that the tool takes. */
  readonly hasLine?: boolean;
  /** Handed to the tool's configuration. */
  readonly env?: Readonly<Record<string, string>>;
  /** How the page is served. */
  readonly served?: Served;
  /** Where the page's results go; 'sync' is the storage worker. */
  readonly tier?: 'sync' | 'writable' | 'indexeddb' | 'memory';
  /** What keepsake says on the console, once. */
  readonly notice?: RegExp;
  readonly edited?: Edits;
}

/** A file that is edited while its development server runs, and what the page shows before and after each edit. */
export interface Edits {
  readonly file: string;
  readonly shows: string;
  readonly edits: readonly { readonly from: string; readonly to: string; readonly shows: string }[];
}

export interface Served {
  readonly host?: string;
  readonly base?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The scripts come from another origin. */
  readonly isElsewhere?: boolean;
}

export interface Consumer {
  /** Its folder in tools/. */
  readonly tool: string;
  readonly title: string;
  /** What has to be written without the plugin, where that is more than nothing. */
  readonly line?: string;
  /** A page of special circumstances, rather than a tool. */
  readonly isSetUp?: boolean;
  /** Where a build puts the page. */
  readonly folder?: string;
  /** Whether all of its packages are in our own node_modules: it needs no installation, and runs with the other tests. */
  readonly isLocal?: boolean;
  readonly runs: readonly Run[];
}

const both = (run: Run): readonly Run[] => [run, { ...run, hasPlugin: true }];
const everyWay = [...both({ name: 'development' }), ...both({ name: 'build' })];
const lost = { tier: 'writable', notice: /keepsake\/storage-worker\.js/ } as const;
const withLine: readonly Run[] = [
  { name: 'build', about: 'without the line', ...lost },
  { name: 'build', hasLine: true },
  { name: 'build', hasPlugin: true },
];

const policy = (text: string): Served => ({
  headers: { 'Content-Security-Policy': text, 'Access-Control-Allow-Origin': '*' },
});
const trusted = "default-src 'self'; require-trusted-types-for 'script'; trusted-types";

/** Another function, and then the same one in a module that has changed beside it. */
const edited: Edits = {
  file: 'src/scaled.js',
  shows: 'first 42',
  edits: [
    { from: 'x * 2', to: 'x * 3', shows: 'first 63' },
    { from: "'first'", to: "'second'", shows: 'second 63' },
  ],
};

/** One built page, served in several ways. */
const setUps: readonly Run[] = [
  { name: 'build', about: 'strict policy, Trusted Types', served: policy(`${trusted} keepsake`) },
  {
    name: 'build',
    about: 'Trusted Types that do not know keepsake',
    served: policy(`${trusted} 'none'`),
    tier: 'writable',
    notice: /add "trusted-types keepsake"/,
  },
  {
    name: 'build',
    about: "worker-src 'none'",
    served: policy("worker-src 'none'"),
    tier: 'writable',
    notice: /worker-src 'self'/,
  },
  { name: 'build', about: 'sub-path', served: { base: '/some/where/' } },
  {
    name: 'build',
    about: 'scripts from another origin',
    served: {
      host: 'page.localhost',
      isElsewhere: true,
      headers: { 'Access-Control-Allow-Origin': '*' },
    },
  },
  {
    name: 'build',
    about: 'scripts from another origin, no blob: workers',
    served: {
      host: 'page.localhost',
      isElsewhere: true,
      headers: { 'Content-Security-Policy': "worker-src 'self'", 'Access-Control-Allow-Origin': '*' },
    },
    tier: 'writable',
    notice: /workerFactory/,
  },
  {
    name: 'build',
    about: 'http: without TLS',
    served: { host: 'page.test' },
    tier: 'indexeddb',
    notice: /not a secure context.*serve the page by https:/,
  },
  {
    name: 'build',
    about: 'sandboxed frame',
    served: policy('sandbox allow-scripts'),
    tier: 'memory',
  },
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
    runs: [...withLine, { name: 'build', about: 'format: iife', hasPlugin: true, env: { FORMAT: 'iife' } }],
  },
  {
    tool: 'rollup',
    title: 'Rollup 4',
    line: "input: { …, 'keepsake/storage-worker': 'keepsake/storage-worker.js' }",
    runs: withLine,
  },
  { tool: 'webpack', title: 'webpack 5', runs: both({ name: 'build' }) },
  { tool: 'rspack', title: 'Rspack 2', runs: both({ name: 'build' }) },
  {
    tool: 'parcel',
    title: 'Parcel 2',
    // Its workers do not find what their own parts share with the page.
    line: 'package.json: "alias": { "keepsake": "keepsake/dist/single.js" }, where workers use keepsake',
    runs: [{ name: 'build', hasLine: true }],
  },
  {
    tool: 'angular',
    title: 'Angular 22',
    line: 'angular.json: "assets": [{ "glob": "storage-worker.js", "input": "node_modules/keepsake/dist/keepsake", "output": "keepsake" }]',
    runs: [
      { name: 'development' },
      { name: 'build', about: 'without the line', ...lost },
      { name: 'build', hasLine: true },
    ],
  },
  {
    tool: 'next',
    title: 'Next 16, Turbopack',
    folder: 'out',
    runs: [{ name: 'development' }, { name: 'build' }],
  },
  {
    tool: 'next',
    title: 'Next 16, webpack',
    folder: 'out',
    runs: [
      { name: 'development', env: { BUNDLER: '--webpack' } },
      { name: 'build', env: { BUNDLER: '--webpack' } },
    ],
  },
  { tool: 'astro', title: 'Astro 7', runs: everyWay },
  { tool: 'sveltekit', title: 'SvelteKit 3', folder: 'build', runs: everyWay },
  { tool: 'nuxt', title: 'Nuxt 4', folder: '.output/public', runs: everyWay },
  {
    tool: 'react',
    title: 'React 19 in StrictMode, Vite 8',
    runs: [...both({ name: 'development', about: 'with hot updates', edited }), ...both({ name: 'build' })],
  },
  { tool: 'vue', title: 'Vue 3, Vite 8', runs: everyWay },
  { tool: 'import-map', title: 'Import map', isLocal: true, folder: '.', runs: [{ name: 'build' }] },
  { tool: 'set-ups', title: 'Set-up', isSetUp: true, isLocal: true, runs: setUps },
  {
    tool: 'shared-worker',
    title: 'SharedWorker',
    isSetUp: true,
    isLocal: true,
    runs: [{ name: 'build', tier: 'writable' }],
  },
  {
    tool: 'service-worker',
    title: 'Service worker',
    isSetUp: true,
    isLocal: true,
    runs: [{ name: 'build', tier: 'writable' }],
  },
];
