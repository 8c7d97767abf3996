/** What the examples of README and docs/ take for given: a memory, cached functions, and somebody's data. */
import type { Memory as AnyMemory, CachedFunction } from 'keepsake';

declare global {
  const Memory: typeof AnyMemory;
  const memory: AnyMemory;
  const fn: (size: number, label: string) => Promise<Float32Array>;
  const args: [size: number, label: string];

  // Options by their names.
  const id: string;
  const version: string;
  const depends: unknown[];
  const captures: () => Record<string, unknown>;
  const ignore: string[];
  const key: (size: number, label: string) => unknown;
  const maxAgeMs: number;
  const storeIf: (value: Float32Array) => boolean;
  const tags: string[];
  const compress: false;
  const codecs: [];
  const signal: AbortSignal;
  const forceFresh: boolean;
  const mmapMode: null;
  const into: Float32Array;

  type Job = (config: { size: number }) => Promise<Float32Array>;
  const config: { size: number };
  const simulate: CachedFunction<Job>;
  const train: CachedFunction<Job>;
  const render: CachedFunction<(scene: object) => Promise<Uint8ClampedArray>>;
  const scene: object;
  const pixels: Uint8ClampedArray;
  const start: number;
  const end: number;
  const offset: number;
  const buffer: Float32Array;
  const values: Float32Array;
  const accumulate: (chunk: Float32Array) => void;

  class Matrix {
    constructor(data: readonly number[], shape: readonly number[]);
    toArray(): number[];
    readonly shape: readonly number[];
  }
  const expect: (value: unknown) => { toEqual(expected: unknown): void };
}
