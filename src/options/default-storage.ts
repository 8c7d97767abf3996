import type { ResolvedMemoryOptions } from './options.ts';

/** 'auto', unless a test of the program has set another (keepsake/testing). */
export const defaultStorage = (): ResolvedMemoryOptions['storage'] =>
  Reflect.get(globalThis, Symbol.for('keepsake.storage')) ?? 'auto';
