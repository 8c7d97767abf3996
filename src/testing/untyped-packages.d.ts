/** Packages that tests use and that have no types of their own. */
declare module 'three';
declare module 'd3';
declare module 'luxon';

/** Components and modules that svelte's compiler makes. */
declare module '*.svelte' {
  import type { Component } from 'svelte';
  // biome-ignore lint/style/noDefaultExport: the only export that a component has
  export default {} as Component<Record<string, unknown>>;
}
declare module '*.svelte.js' {
  export function makeCounter(from: number): { count: number };
}
