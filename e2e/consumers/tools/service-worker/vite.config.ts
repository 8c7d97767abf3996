import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  build: {
    rolldownOptions: {
      input: { index: 'index.html', service: 'src/service.js' },
      output: { entryFileNames: '[name].js' },
    },
  },
});
