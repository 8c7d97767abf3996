import { defineConfig } from 'vite';

const plugins = process.env.PLUGIN ? [(await import('keepsake/vite')).keepsake()] : [];

export default defineConfig({ plugins, worker: { format: 'es' } });
