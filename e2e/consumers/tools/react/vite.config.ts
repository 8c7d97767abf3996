import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const plugins = process.env.PLUGIN ? [(await import('keepsake/vite')).keepsake()] : [];

export default defineConfig({ plugins: [...plugins, react()], worker: { format: 'es' } });
