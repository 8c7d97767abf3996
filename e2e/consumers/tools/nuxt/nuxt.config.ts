const plugins = process.env.PLUGIN ? [(await import('keepsake/vite')).keepsake()] : [];

export default defineNuxtConfig({
  ssr: false,
  telemetry: false,
  compatibilityDate: '2026-01-01',
  vite: { plugins, worker: { format: 'es' } },
});
