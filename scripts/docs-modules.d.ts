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
