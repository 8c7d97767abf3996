/** The path of a call: identity, key, lookup, single flight, computation. The room's door. */
export type { CachedCall } from './cached-call.ts';
export type { WrapSite } from './call-keys.ts';
export { setMethod } from './code-text.ts';
export type { MemoryContext, MemoryHandle } from './context.ts';
export type { Flight } from './flight.ts';
export { type CallOverrides, FunctionCalls } from './function-calls.ts';
export { hasherOnce } from './hasher-once.ts';
export type { IdentityKind } from './identity.ts';
export { findEntry, findHeld, findKept, type Hit, keptOf } from './lookup.ts';
export { signalsOf } from './signals.ts';
export { setToken } from './tokens.ts';
