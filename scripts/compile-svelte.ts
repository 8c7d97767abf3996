/** Svelte's own plugin is made for whole applications: a component of a test needs its compiler alone. */
import { compile, compileModule } from 'svelte/compiler';
import type { Plugin } from 'vite';

export const compileSvelte = (): Plugin => ({
  name: 'compile-svelte',
  transform: {
    filter: { id: /\.svelte(?:\.js)?$/ },
    handler(source, filename) {
      const how = { filename, generate: 'client', dev: false } as const;
      const { js } = filename.endsWith('.js') ? compileModule(source, how) : compile(source, how);
      return { code: js.code, map: js.map, moduleType: 'js' };
    },
  },
});
