import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const plugins = process.env.PLUGIN ? [(await import('keepsake/esbuild')).keepsake()] : [];
const line = process.env.LINE ? { 'keepsake/storage-worker': 'keepsake/storage-worker.js' } : {};

await build({
  entryPoints: process.env.FORMAT
    ? { main: 'src/page.js' }
    : { main: 'src/main.js', 'in-worker': 'src/in-worker.js', ...line },
  bundle: true,
  format: process.env.FORMAT ?? 'esm',
  outdir: 'dist',
  plugins,
});

const page = readFileSync('index.html', 'utf8');
writeFileSync('dist/index.html', process.env.FORMAT ? page.replace('type="module"', 'defer') : page);
