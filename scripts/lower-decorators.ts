/**
 * Vite leaves the syntax of decorators as it is, and browsers do not run it yet: swc turns it into plain calls, as the
 * proposal of 2023-11 has it.
 */
import { transform } from '@swc/core';
import type { Plugin } from 'vite';

/** Lowers the decorators of TypeScript files whose path matches. */
export const lowerDecorators = (files: RegExp): Plugin => ({
  name: 'lower-decorators',
  enforce: 'pre',
  transform: {
    filter: { id: files },
    handler: (source, id) =>
      transform(source, {
        filename: id,
        sourceMaps: true,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { decoratorVersion: '2023-11' },
          target: 'es2022',
        },
      }),
  },
});
