/** Options of Memory and cache(), checked where they are given. */

import type { MmapMode } from '../arrays/arrays.ts';
import { type ClassWithCodec, type Codec, checkCodec, toCodec } from '../values/values.ts';
import {
  assertModeAllowsCompression,
  type Compression,
  type CompressionFormat,
  resolveCompression,
} from './compression.ts';
import { defaultStorage } from './default-storage.ts';
import { checkPacks, type RemoteOptions, type ResolvedRemote, resolveRemote } from './elsewhere-options.ts';
import type { EntryInfo } from './entry-info.ts';
import {
  countOf,
  functionOf,
  oneOf,
  parseBytes,
  refuseUnknown,
  shareOf,
  shown,
  textOf,
} from './option-checks.ts';

export type { EntryTier } from '../catalog/catalog.ts';
export { buildMode } from './build-mode.ts';
export { type Compression, type CompressionFormat, resolveCompression } from './compression.ts';
export type { RemoteOptions, RemoteRequest, ResolvedRemote, SignatureKey } from './elsewhere-options.ts';
export { ageOf, type EntryInfo, infoOf, unstoredInfo } from './entry-info.ts';
export { type AgeLimit, type Duration, expiresAfter } from './expires-after.ts';
export { parseBytes } from './option-checks.ts';
export type { MmapMode };

/** Whether writes reach the stored result. */
export const isWriting = (mode: MmapMode): boolean => mode === 'r+' || mode === 'w+';

/** A mode, or none: plain values. */
export type MaybeMode = MmapMode | null;

export interface MemoryOptions<M extends MaybeMode = MaybeMode> {
  /** One IndexedDB database and one folder `keepsake/<name>`. */
  readonly name?: string;
  /** Where results are kept; null keeps nothing, so every call computes. */
  readonly storage?: 'auto' | 'opfs' | 'indexeddb' | 'memory' | null;
  /** As numpy.memmap: how typed arrays of a result are given; null gives plain values. */
  readonly mmapMode?: M;
  readonly compress?: false | CompressionFormat | Partial<Compression>;
  /** Digest of the arguments; sha-256 where they may be hostile. */
  readonly hash?: 'xxh128' | 'sha-256';
  /** Bytes kept in storage: a number, or '512M'. */
  readonly maxBytes?: number | string;
  /** Bytes of small values kept in this realm; 0 turns that off. */
  readonly memoryTierBytes?: number | string;
  /** joblib's levels on the console; 0 is silent. */
  readonly verbose?: number;
  /** Whether identical calls wait for each other across tabs, or only in this realm. */
  readonly singleFlight?: 'origin' | 'realm';
  /** How long a call waits for an identical one that is under way, here or in another tab, before it computes as well; without end by default. */
  readonly singleFlightTimeoutMs?: number;
  /** Manifests of earlier builds and of this one (`memo-manifest.json`): with them explain() names what changed. */
  readonly manifests?: () => readonly unknown[] | Promise<readonly unknown[]>;
  /** How instances of classes are hashed and stored, for every function; a class stands for its static `keepsake`. */
  readonly codecs?: readonly (Codec | ClassWithCodec)[];
  /**
   * Which hits are computed again, when the page is idle, and compared with what is stored: a share of them, or in
   * development builds ('development', the default) one per function and page. It enters functions once more.
   */
  readonly verify?: 'off' | 'development' | number;
  /** URLs of packs: read-only, asked after the store. Of a pack its index is fetched once, and what calls need. */
  readonly packs?: readonly (string | URL)[];
  /** A shared tier on plain HTTP, asked after the store and packs, and written behind. */
  readonly remote?: RemoteOptions;
  /** Makes the storage worker, for bundlers and policies that need their own way. */
  readonly workerFactory?: () => Worker;
}

// biome-ignore lint/suspicious/noExplicitAny: the constraint of "any function"; unknown would refuse most
export type AnyFunction = (this: any, ...args: any[]) => unknown;

export interface CacheOptions<F extends AnyFunction = AnyFunction, M extends MaybeMode = MaybeMode> {
  /** Stable name; needed to keep results on disk where the build plugin gives none. */
  readonly id?: string;
  /** Part of the key. */
  readonly version?: string | number;
  /** `version` is the only code identity: edits of the source do not matter. */
  readonly trustVersion?: boolean;
  /** Helpers (by source) and values (by content) that the function uses; part of the key. */
  readonly depends?: readonly unknown[];
  /** Values of enclosing variables, and of `this` for methods; part of the key. `() => ({})` says: none. */
  readonly captures?: (this: ThisParameterType<F>) => Record<string, unknown>;
  /** Positions, parameter names or paths ('options.verbose') that do not enter the key. */
  readonly ignore?: readonly (number | string)[];
  /** Replaces the arguments in the key. */
  readonly key?: (...args: Parameters<F>) => unknown;
  /** An entry older than this is a miss. */
  readonly maxAgeMs?: number;
  /** For so long after maxAgeMs an entry is still given, while one computation renews it. */
  readonly staleWhileRevalidateMs?: number;
  /** Refusing an entry makes it a miss. */
  readonly cacheValidationCallback?: ((info: EntryInfo) => boolean | Promise<boolean>) & {
    readonly maxAgeMs?: number;
  };
  /** false: not worth keeping. */
  readonly storeIf?: (value: Awaited<ReturnType<F>>, info: { readonly computeMs: number }) => boolean;
  readonly tags?: readonly string[] | ((...args: Parameters<F>) => readonly string[]);
  /** In place of the memory's mode. */
  readonly mmapMode?: M;
  readonly compress?: false | CompressionFormat | Partial<Compression>;
  readonly verbose?: number;
  /** How instances of classes are hashed and stored; asked before those of the memory. */
  readonly codecs?: readonly (Codec | ClassWithCodec)[];
}

/** The options of a function, with the codecs of its memory. */
export interface FunctionOptions extends Omit<CacheOptions, 'codecs'> {
  readonly codecs: readonly Codec[] | undefined;
}

/** @param options Checked before. */
export function functionOptions(options: CacheOptions, { codecs }: ResolvedMemoryOptions): FunctionOptions {
  const all = [...(options.codecs ?? []).map(toCodec), ...codecs];
  return { ...options, codecs: all.length > 0 ? all : undefined };
}

export interface ResolvedMemoryOptions {
  readonly name: string;
  readonly storage: 'auto' | 'opfs' | 'indexeddb' | 'memory' | null;
  readonly mmapMode: MmapMode | null;
  readonly compress: Compression | false;
  readonly hash: 'xxh128' | 'sha-256';
  readonly maxBytes: number | undefined;
  readonly memoryTierBytes: number;
  readonly verbose: number;
  readonly singleFlight: 'origin' | 'realm';
  readonly singleFlightTimeoutMs: number | undefined;
  readonly manifests: () => readonly unknown[] | Promise<readonly unknown[]>;
  readonly codecs: readonly Codec[];
  readonly verify: 'off' | 'development' | number;
  readonly packs: readonly string[];
  readonly remote: ResolvedRemote | undefined;
  readonly workerFactory: (() => Worker) | undefined;
}

/** Keeps hundreds of small results at hand without weighing on the page. */
const DEFAULT_MEMORY_TIER_BYTES = 16 * 2 ** 20;

const mmapModes = ['r', 'r+', 'w+', 'c', null] as const;

/** @throws TypeError */
export const checkMode = (mode: MmapMode): MmapMode => oneOf(mode, 'mode', ['r', 'r+', 'w+', 'c']);

const memoryOptionNames = [
  'name',
  'storage',
  'mmapMode',
  'compress',
  'hash',
  'maxBytes',
  'memoryTierBytes',
  'verbose',
  'singleFlight',
  'singleFlightTimeoutMs',
  'manifests',
  'codecs',
  'verify',
  'packs',
  'remote',
  'workerFactory',
] as const satisfies readonly (keyof MemoryOptions)[];

export function resolveMemoryOptions(options: MemoryOptions): ResolvedMemoryOptions {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(
      `new Memory() takes an object of options, such as { name: 'lab' }, not ${shown(options)}`,
    );
  }
  refuseUnknown(options, memoryOptionNames, 'Memory');
  const {
    name = 'default',
    storage = defaultStorage(),
    mmapMode = null,
    hash = 'xxh128',
    verbose = 0,
  } = options;
  const {
    memoryTierBytes = DEFAULT_MEMORY_TIER_BYTES,
    singleFlight = 'origin',
    verify = 'development',
  } = options;
  textOf(name, 'name');
  const { singleFlightTimeoutMs } = options;
  if (singleFlightTimeoutMs !== undefined) countOf(singleFlightTimeoutMs, 'singleFlightTimeoutMs');
  const compress = resolveCompression(options.compress);
  oneOf(mmapMode, 'mmapMode', mmapModes);
  assertModeAllowsCompression(mmapMode, compress);
  functionOf(options.workerFactory, 'workerFactory');
  functionOf(options.manifests, 'manifests');
  return {
    name,
    storage: oneOf(storage, 'storage', ['auto', 'opfs', 'indexeddb', 'memory', null]),
    mmapMode,
    compress,
    hash: oneOf(hash, 'hash', ['xxh128', 'sha-256']),
    maxBytes: options.maxBytes === undefined ? undefined : parseBytes(options.maxBytes, 'maxBytes'),
    memoryTierBytes: parseBytes(memoryTierBytes, 'memoryTierBytes'),
    verbose: countOf(verbose, 'verbose'),
    singleFlight: oneOf(singleFlight, 'singleFlight', ['origin', 'realm']),
    singleFlightTimeoutMs,
    manifests: options.manifests ?? (() => []),
    codecs: checkCodecs(options.codecs),
    verify: shareOf(verify, 'verify'),
    packs: checkPacks(options.packs),
    remote: resolveRemote(options.remote),
    workerFactory: options.workerFactory,
  };
}

const cacheOptionNames = [
  'id',
  'version',
  'trustVersion',
  'depends',
  'captures',
  'ignore',
  'key',
  'maxAgeMs',
  'staleWhileRevalidateMs',
  'cacheValidationCallback',
  'storeIf',
  'tags',
  'mmapMode',
  'compress',
  'verbose',
  'codecs',
] as const satisfies readonly (keyof CacheOptions)[];

/** Options that are lists: each an array, each member of its kind. */
function checkLists({ depends, ignore, tags, codecs }: CacheOptions): void {
  const lists = { depends, ignore, codecs, ...(typeof tags === 'function' ? {} : { tags }) };
  for (const [name, list] of Object.entries(lists)) {
    if (list === undefined || Array.isArray(list)) continue;
    const also = name === 'tags' ? ', or a function of the arguments that returns one' : '';
    throw new TypeError(`"${name}" is ${shown(list)}; give an array${also}`);
  }
  for (const place of ignore ?? []) {
    if (typeof place === 'string' || (Number.isInteger(place) && place >= 0)) continue;
    throw new TypeError(
      `"ignore" holds positions from 0, parameter names or paths such as "options.verbose", not ${shown(place)}`,
    );
  }
  for (const tag of Array.isArray(tags) ? tags : []) {
    if (typeof tag !== 'string') throw new TypeError(`"tags" holds texts, not ${shown(tag)}`);
  }
  checkCodecs(codecs);
}

/** @throws TypeError for what is no codec, and for two of one name. */
function checkCodecs(codecs: CacheOptions['codecs'] = []): readonly Codec[] {
  if (!Array.isArray(codecs)) throw new TypeError(`"codecs" is ${shown(codecs)}; give an array`);
  const names = new Set<string>();
  return codecs.map((given: Codec | ClassWithCodec) => {
    const codec = toCodec(given);
    checkCodec(codec, 'Each of "codecs"');
    if (names.has(codec.name)) throw new TypeError(`"codecs" has two named "${codec.name}"`);
    names.add(codec.name);
    return codec;
  });
}

/** What decides whether an entry is still good. */
function checkAges({ maxAgeMs, staleWhileRevalidateMs, cacheValidationCallback }: CacheOptions): void {
  if (maxAgeMs !== undefined) countOf(maxAgeMs, 'maxAgeMs');
  if (staleWhileRevalidateMs === undefined) return;
  countOf(staleWhileRevalidateMs, 'staleWhileRevalidateMs');
  if (maxAgeMs === undefined && cacheValidationCallback?.maxAgeMs === undefined) {
    throw new TypeError('"staleWhileRevalidateMs" begins after "maxAgeMs": give that too');
  }
}

function checkIdentity({ id, version, trustVersion }: CacheOptions): void {
  if (id !== undefined) textOf(id, 'id');
  if (version !== undefined && typeof version !== 'string' && typeof version !== 'number') {
    throw new TypeError(`"version" is ${shown(version)}; give a text or a number`);
  }
  if (trustVersion !== undefined) oneOf(trustVersion, 'trustVersion', [true, false]);
  if (trustVersion && version === undefined) throw new TypeError('"trustVersion" needs a "version" to trust');
}

/** Throws for every mistake that can be seen before a call. */
export function checkCacheOptions(options: CacheOptions, memory: ResolvedMemoryOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`cache() takes an object of options, such as { id: 'fft' }, not ${shown(options)}`);
  }
  refuseUnknown(options, cacheOptionNames, 'cache()');
  checkIdentity(options);
  checkLists(options);
  for (const name of ['captures', 'key', 'cacheValidationCallback', 'storeIf'] as const)
    functionOf(options[name], name);
  checkAges(options);
  if (options.verbose !== undefined) countOf(options.verbose, 'verbose');
  if (options.mmapMode !== undefined) oneOf(options.mmapMode, 'mmapMode', mmapModes);
  const mode = options.mmapMode === undefined ? memory.mmapMode : options.mmapMode;
  const compress = options.compress === undefined ? memory.compress : resolveCompression(options.compress);
  assertModeAllowsCompression(mode, compress);
}

const isTypedArray = (value: unknown): boolean => ArrayBuffer.isView(value) && !(value instanceof DataView);

const overrideNames = ['mmapMode', 'signal', 'into', 'forceFresh'];

/** Throws for mistakes in what with() is given. */
export function checkOverrides(
  overrides: { readonly mmapMode?: MaybeMode; readonly into?: unknown },
  { compress }: Pick<CacheOptions, 'compress'>,
  memory: ResolvedMemoryOptions,
): void {
  refuseUnknown(overrides, overrideNames, 'with()');
  const { mmapMode, into } = overrides;
  if (into !== undefined && !isTypedArray(into)) throw new TypeError('"into" is a typed array');
  if (mmapMode === undefined) return;
  oneOf(mmapMode, 'mmapMode', mmapModes);
  if (mmapMode && into)
    throw new TypeError('"into" is filled with plain values, so "mmapMode" cannot go with it');
  assertModeAllowsCompression(
    mmapMode,
    compress === undefined ? memory.compress : resolveCompression(compress),
  );
}
