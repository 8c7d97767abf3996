/** Packages and generated files that the examples of the docs import, and this project does not have. */
declare module 'decimal.js' {
  class Decimal {
    constructor(value: string);
    static isDecimal(value: unknown): value is Decimal;
  }

  export { Decimal as default };
}
declare module '*/memo-versions' {
  export const versions: { readonly 'src/sim.ts#sim': string };
}
declare module '*/integrate.ts' {
  export const integrate: (steps: number) => Float64Array<ArrayBuffer>;
}
declare module '*/results.ts' {
  import type { CachedFunction, Memory } from 'keepsake';

  export const memory: Memory;
  export const orbit: CachedFunction<(steps: number) => Float64Array<ArrayBuffer>>;
}
