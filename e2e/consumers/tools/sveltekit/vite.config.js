import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

const plugins = process.env.PLUGIN ? [(await import('keepsake/vite')).keepsake()] : [];

export default defineConfig({
  plugins: [...plugins, sveltekit({ adapter: adapter() })],
  worker: { format: 'es' },
});
