/**
 * Rolls the declarations of each entry up into one file of dist/. With --check it fails where what they export differs from
 * etc/api/; with --update it writes that anew: read the difference, and commit it with the reason.
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from '@microsoft/api-extractor';

const home = fileURLToPath(new URL('..', import.meta.url));

/** Declarations of modules, as `npm run build` writes them to reports/types/, and those of the package in dist/. */
const entries = [
  'index',
  'single',
  ...['vite', 'webpack', 'rspack', 'esbuild', 'rollup'].map((name) => `plugin/${name}`),
  ...globSync('*.ts', { cwd: `${home}src/codecs`, exclude: ['*.test.ts', 'structure.ts'] }).map(
    (file) => `codecs/${basename(file, '.ts')}`,
  ),
];

/** These take their types from the package by its name, as whoever imports them does: they are copied as they are. */
const beside: Readonly<Record<string, string>> = {
  'testing-kit/testing-kit': 'testing',
  'warm/warm': 'warm',
  'inspector/inspector': 'inspector',
  'frameworks/react': 'react',
  'frameworks/vue': 'vue',
  'frameworks/svelte': 'svelte',
};

const compilerOptions = {
  target: 'ESNext',
  module: 'ESNext',
  moduleResolution: 'Bundler',
  lib: ['ESNext', 'DOM'],
  types: [],
  skipLibCheck: true,
  strict: true,
  paths: { keepsake: [`${home}dist/index.d.ts`] },
};

const isUpdate = process.argv.includes('--update');
const isCheck = process.argv.includes('--check');
const silent = { logLevel: ExtractorLogLevel.None };
const loud = { logLevel: ExtractorLogLevel.Error };

const nameOf = (entry: string): string => beside[entry] ?? entry.replace('/', '-');

const configOf = (entry: string): ExtractorConfig =>
  ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: `${home}package.json`,
    configObject: {
      projectFolder: home,
      mainEntryPointFilePath: `${home}reports/types/${entry}.d.ts`,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: { compilerOptions, files: [`${home}reports/types/${entry}.d.ts`] },
      },
      apiReport: {
        enabled: isCheck || isUpdate,
        reportFileName: `${nameOf(entry)}.api.md`,
        reportFolder: `${home}etc/api`,
        reportTempFolder: `${home}reports/api`,
      },
      // What scripts/reference.ts writes the reference from.
      docModel: { enabled: true, apiJsonFilePath: `${home}reports/api/${nameOf(entry)}.api.json` },
      dtsRollup: { enabled: !(entry in beside), untrimmedFilePath: `${home}dist/${entry}.d.ts` },
      tsdocMetadata: { enabled: false },
      messages: {
        // What a public type is made of need not be public by name.
        extractorMessageReporting: {
          default: loud,
          'ae-missing-release-tag': silent,
          'ae-undocumented': silent,
          'ae-forgotten-export': silent,
        },
        tsdocMessageReporting: { default: silent },
        compilerMessageReporting: { default: loud },
      },
    },
  });

/** One line for each fault; api-extractor's own talk is left out. */
function hear(message: ExtractorMessage): void {
  const isFault = message.logLevel === 'error' || message.logLevel === 'warning';
  if (isFault) console.error(message.text);
  message.handled = true;
}

mkdirSync(`${home}etc/api`, { recursive: true });
const failed = [...entries, ...Object.keys(beside)].filter((entry) => {
  if (!existsSync(`${home}reports/types/${entry}.d.ts`)) throw new Error('Run "npm run build" first');
  return !Extractor.invoke(configOf(entry), { localBuild: !isCheck, messageCallback: hear }).succeeded;
});
// Before TypeScript 5.7 typed arrays have no parameter; nothing that is public needs it.
for (const entry of entries) {
  const file = `${home}dist/${entry}.d.ts`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/Array<ArrayBuffer>/g, 'Array'));
}
const copied = { ...beside, 'frameworks/running-calls': 'running-calls', 'inspector/inspect': 'inspect' };
for (const [from, to] of Object.entries(copied)) {
  const text = readFileSync(`${home}reports/types/${from}.d.ts`, 'utf8');
  writeFileSync(`${home}dist/${to}.d.ts`, text.replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"));
}
// A script that is only run: nobody imports anything from it.
writeFileSync(`${home}dist/keepsake/storage-worker.d.ts`, 'export {};\n');
if (failed.length > 0)
  console.error(
    `What ${failed.join(', ')} export has changed: run "npm run api", read the difference in etc/api, and commit it with the reason`,
  );
process.exitCode = failed.length > 0 ? 1 : 0;
