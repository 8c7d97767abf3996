import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  // A service worker may not import() what comes later.
  resolve: { alias: [{ find: /^keepsake$/, replacement: 'keepsake/single' }] },
  build: {
    rolldownOptions: {
      input: { index: 'index.html', service: 'src/service.js' },
      output: { entryFileNames: '[name].js' },
    },
  },
});
