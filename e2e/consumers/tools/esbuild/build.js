import { cpSync } from 'node:fs';
import { build } from 'esbuild';

const plugins = process.env.PLUGIN ? [(await import('keepsake/esbuild')).keepsake()] : [];
const line = process.env.LINE ? { 'keepsake/storage-worker': 'keepsake/storage-worker.js' } : {};

await build({
  entryPoints: { main: 'src/main.js', 'in-worker': 'src/in-worker.js', ...line },
  bundle: true,
  format: 'esm',
  outdir: 'dist',
  plugins,
});
cpSync('index.html', 'dist/index.html');
