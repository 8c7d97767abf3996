/** The hashes of pages whose policy refuses WebAssembly. */

export { plainXxh64 } from './xxh64.ts';
export { createPlainXxh128 } from './xxh128.ts';
