declare module 'hash-wasm/dist/sha256.umd.min.js' {
  const hashWasm: Pick<typeof import('hash-wasm'), 'createSHA256'>;
  // biome-ignore lint/style/noDefaultExport: what a script for CommonJS is to modules
  export default hashWasm;
}
