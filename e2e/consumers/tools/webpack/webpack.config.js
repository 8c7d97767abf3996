import { cpSync } from 'node:fs';

const plugins = process.env.PLUGIN ? [(await import('keepsake/webpack')).keepsake()] : [];

cpSync('index.html', 'dist/index.html');

export default {
  mode: 'production',
  entry: './src/main.js',
  output: { path: `${import.meta.dirname}/dist` },
  performance: { hints: false },
  plugins,
};
