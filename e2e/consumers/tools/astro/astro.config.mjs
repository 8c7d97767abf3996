import { defineConfig } from 'astro/config';

const plugins = process.env.PLUGIN ? [(await import('keepsake/vite')).keepsake()] : [];

export default defineConfig({ vite: { plugins, worker: { format: 'es' } } });
