import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

const plugins = process.env.PLUGIN ? [(await import('keepsake/vite')).keepsake()] : [];

export default defineConfig({ plugins: [...plugins, sveltekit()], worker: { format: 'es' } });
