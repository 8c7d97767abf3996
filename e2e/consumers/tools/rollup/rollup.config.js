import { cpSync } from 'node:fs';
import resolve from '@rollup/plugin-node-resolve';

const plugins = process.env.PLUGIN ? [(await import('keepsake/rollup')).keepsake()] : [];
const line = process.env.LINE ? { 'keepsake/storage-worker': 'keepsake/storage-worker.js' } : {};

cpSync('index.html', 'dist/index.html');

export default {
  input: { main: 'src/main.js', 'in-worker': 'src/in-worker.js', ...line },
  output: { dir: 'dist', format: 'es' },
  plugins: [resolve({ browser: true }), ...plugins],
};
