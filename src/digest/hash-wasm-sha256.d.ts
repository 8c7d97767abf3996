declare module 'hash-wasm/dist/sha256.umd.min.js' {
  const hashWasm: Pick<typeof import('hash-wasm'), 'createSHA256'>;
  export default hashWasm;
}
