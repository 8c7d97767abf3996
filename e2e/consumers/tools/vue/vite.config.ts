import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const plugins = process.env.PLUGIN ? [(await import('keepsake/vite')).keepsake()] : [];

export default defineConfig({ plugins: [...plugins, vue()], worker: { format: 'es' } });
