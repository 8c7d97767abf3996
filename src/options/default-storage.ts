/** 'auto', unless a test of the program has set another (keepsake/testing). */
export const defaultStorage = (): 'auto' | 'opfs' | 'indexeddb' | 'memory' | null =>
  Reflect.get(globalThis, Symbol.for('keepsake.storage')) ?? 'auto';
