/** Codecs for objects of the web platform that are no plain data. */
import type { Codec } from '../values/values.ts';
import { pick, refuse, tagOf } from './structure.ts';

const tagged =
  (...tags: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' && value !== null && tags.includes(tagOf(value));

/** The class of that name in this realm. */
// biome-ignore lint/suspicious/noExplicitAny: constructors and static methods of several classes
const platformClass = (name: string): any =>
  Reflect.get(globalThis, name) ?? refuse(`there is no ${name} here`);

/** Header lists of fetch(). */
export const headers: Codec<Headers, readonly (readonly [string, string])[]> = {
  name: 'web.Headers',
  is: tagged('Headers'),
  encode: (value) => [...value],
  decode: (entries) => new Headers(entries.map(([name, value]) => [name, value])),
};

/** Form data; files are read. */
export const formData: Codec<FormData, readonly (readonly [string, string | File])[]> = {
  name: 'web.FormData',
  is: tagged('FormData'),
  encode: (value) => [...value],
  decode(entries) {
    const value = new FormData();
    for (const [name, item] of entries) value.append(name, item as string); // or a File: one signature takes both
    return value;
  },
};

interface PlainResponse {
  readonly body: Blob | null;
  readonly init: ResponseInit;
  readonly read: Record<string, unknown>;
}

/** A body can be read once; what was read of it is remembered, so that a response can be hashed again afterwards. */
const bodies = new WeakMap<Response, Promise<Blob | null>>();

function bodyOf(response: Response): Promise<Blob | null> {
  const known = bodies.get(response);
  if (known !== undefined) return known;
  if (response.bodyUsed || response.body?.locked)
    refuse('a response whose body was read; give it unread, or a clone()');
  const body = response.body === null ? Promise.resolve(null) : response.clone().blob();
  bodies.set(response, body);
  return body;
}

async function encodeResponse(response: Response): Promise<PlainResponse> {
  if (response.status === 0) refuse('a response that this page may not read');
  const { status, statusText } = response;
  return {
    body: await bodyOf(response),
    init: { status, statusText, headers: [...response.headers] },
    read: pick(response, ['url', 'redirected', 'type']),
  };
}

/** Responses of fetch(), with their bodies. */
export const response: Codec<Response, PlainResponse> = {
  name: 'web.Response',
  is: tagged('Response'),
  encode: encodeResponse,
  decode({ body, init, read }) {
    const value = new Response(body, init);
    // Only fetch() can set these.
    for (const [name, each] of Object.entries(read)) Object.defineProperty(value, name, { value: each });
    return value;
  },
};

/** Decoded pictures. Whoever gets one may close it. */
export const imageBitmap: Codec<ImageBitmap, ImageData> = {
  name: 'web.ImageBitmap',
  is: tagged('ImageBitmap'),
  encode(bitmap) {
    const { width, height } = bitmap;
    if (width === 0) refuse('a bitmap that was closed');
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (!context) return refuse('this thread cannot draw');
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, width, height);
  },
  decode: (pixels) => createImageBitmap(pixels),
};

interface PlainAudio {
  readonly sampleRate: number;
  readonly length: number;
  readonly channels: readonly Float32Array<ArrayBuffer>[];
}

/** Decoded sound. */
export const audioBuffer: Codec<AudioBuffer, PlainAudio> = {
  name: 'web.AudioBuffer',
  is: tagged('AudioBuffer'),
  encode: (buffer) => ({
    sampleRate: buffer.sampleRate,
    length: buffer.length,
    channels: Array.from({ length: buffer.numberOfChannels }, (_, at) => buffer.getChannelData(at)),
  }),
  decode({ sampleRate, length, channels }) {
    const buffer = new AudioBuffer({ sampleRate, length, numberOfChannels: channels.length });
    for (const [at, samples] of channels.entries()) buffer.copyToChannel(samples, at);
    return buffer;
  },
};

interface PlainGeometry {
  readonly type: string;
  readonly numbers: readonly number[];
}

const members: Readonly<Record<string, readonly string[]>> = {
  DOMPoint: ['x', 'y', 'z', 'w'],
  DOMRect: ['x', 'y', 'width', 'height'],
  DOMMatrix: ['a', 'b', 'c', 'd', 'e', 'f'],
};

/** Points, rectangles and matrices, read-only ones too. */
export const geometry: Codec<object, PlainGeometry> = {
  name: 'web.geometry',
  is: tagged('DOMPoint', 'DOMPointReadOnly', 'DOMRect', 'DOMRectReadOnly', 'DOMMatrix', 'DOMMatrixReadOnly'),
  encode(value) {
    const type = tagOf(value);
    const isSolid = Reflect.get(value, 'is2D') === false;
    const names = members[type.replace('ReadOnly', '')] ?? [];
    return {
      type,
      numbers: isSolid
        ? [...(value as DOMMatrix).toFloat64Array()]
        : (Object.values(pick(value, names)) as number[]),
    }; // numbers, all of them
  },
  decode({ type, numbers }) {
    const Made = platformClass(type);
    return type.startsWith('DOMMatrix') ? new Made(numbers) : new Made(...numbers);
  },
};

/** Four corners. */
export const quad: Codec<DOMQuad, readonly DOMPoint[]> = {
  name: 'web.DOMQuad',
  is: tagged('DOMQuad'),
  encode: ({ p1, p2, p3, p4 }) => [p1, p2, p3, p4],
  decode: (points) => new DOMQuad(...points),
};

interface PlainKey {
  readonly jwk: JsonWebKey;
  readonly algorithm: KeyAlgorithm;
  readonly usages: readonly KeyUsage[];
}

/** Keys that may be exported; a result of this kind is stored readable. */
export const cryptoKey: Codec<CryptoKey, PlainKey> = {
  name: 'web.CryptoKey',
  is: tagged('CryptoKey'),
  async encode(key) {
    if (!key.extractable) refuse('a key that is not extractable, so its content cannot be told');
    const { algorithm, usages } = key;
    return {
      jwk: await crypto.subtle.exportKey('jwk', key),
      algorithm: { ...algorithm },
      usages: [...usages],
    };
  },
  decode: ({ jwk, algorithm, usages }) => crypto.subtle.importKey('jwk', jwk, algorithm, true, usages),
};

/** All of them: `codecs: [...web]`. */
export const web: readonly Codec[] = [
  ...[headers, formData, response, imageBitmap, audioBuffer],
  ...[geometry, quad, cryptoKey],
];
