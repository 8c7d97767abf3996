/** The path of a call: identity, key, lookup, single flight, computation. The room's door. */
export type { CallOverrides, CallWays } from './asked.ts';
export type { CachedCall } from './cached-call.ts';
export type { WrapSite } from './call-keys.ts';
export { Origin } from './chain.ts';
export type { MemoryContext, MemoryHandle } from './context.ts';
export type { Flight } from './flight.ts';
export { FunctionCalls } from './function-calls.ts';
export { setMethod } from './function-source.ts';
export { hasherOnce } from './hasher-once.ts';
export type { IdentityKind } from './identity.ts';
export { findEntry, findHeld, findKept, findOffer, freshnessOf, type Hit, keptOf } from './lookup.ts';
export { signalsOf } from './signals.ts';
export { setToken } from './tokens.ts';
export type { CallWitness, Staleness, WitnessedCall } from './witness.ts';
