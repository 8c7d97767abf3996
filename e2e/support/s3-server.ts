/**
 * A part of S3 for tests: PUT, GET and HEAD of objects in one bucket by path, ranges, ETags, errors as XML, CORS by the
 * rules of the guide, and signatures (SigV4), in headers or in the URL. No listing, no parts of uploads, no versions;
 * objects are kept in memory. It stands for what S3 checks of a request, and is no S3.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { pagesHome } from './home.ts';
import type { Answer, PackServer } from './pack-servers.ts';
import {
  dateOf,
  presigned,
  type S3Credentials,
  type SignedRequest,
  scopeOf,
  signatureOf,
} from './s3-signature.ts';

const BUCKET = 'lab';
const CLOCKS_APART_MS = 15 * 60_000;

interface StoredObject {
  readonly bytes: Buffer;
  readonly etag: string;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

interface CorsRule {
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders: readonly string[];
  readonly ExposeHeaders: readonly string[];
}

/** What it refuses, by S3's names. */
class S3Error extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/** The guide's rules, for this page's origin. */
function corsRules(): readonly CorsRule[] {
  const guide = readFileSync(fileURLToPath(new URL('../../docs/sharing.md', import.meta.url)), 'utf8');
  const [, json = ''] = /```json\n(\{\s*"CORSRules"[\s\S]*?)```/.exec(guide) ?? [];
  const { CORSRules } = JSON.parse(json.replace('https://app.example.com', pagesHome.replace(/\/$/, ''))) as {
    readonly CORSRules: readonly CorsRule[];
  }; // as it stands in the guide
  return CORSRules;
}

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

const textOf = (header: string | readonly string[] | undefined): string => String(header ?? '');

export class S3Server implements PackServer {
  readonly credentials: S3Credentials = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
  };
  readonly #objects = new Map<string, StoredObject>();
  readonly #answers: Answer[] = [];
  readonly #rules = corsRules();
  readonly #server: Server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });
  url = '';

  async listen(): Promise<this> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${BUCKET}/`; // it listens on a port
    return this;
  }

  /** Presigned, for one method. */
  urlFor(method: string, name: string): string {
    return presigned(method, this.url + name, this.credentials, { date: dateOf(Date.now()) });
  }

  answers(): readonly Answer[] {
    return this.#answers;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '' } = request;
    const { status, headers, body = Buffer.alloc(0) } = this.#reply(request, Buffer.concat(chunks));
    this.#answers.push({ method, status, byteLength: method === 'HEAD' ? 0 : body.length });
    response.writeHead(status, { 'Content-Length': body.length, ...this.#cors(request), ...headers });
    response.end(method === 'HEAD' ? undefined : body);
  }

  #reply(request: IncomingMessage, body: Buffer): Reply {
    try {
      return this.#answer(request, body);
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${error.code}</Code><RequestId>1</RequestId></Error>`;
      return {
        status: error.status,
        headers: { 'Content-Type': 'application/xml' },
        body: Buffer.from(xml),
      };
    }
  }

  #answer(request: IncomingMessage, body: Buffer): Reply {
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '/', `http://${headers.host}`);
    if (method === 'OPTIONS') {
      if (!('Access-Control-Allow-Origin' in this.#cors(request))) throw new S3Error(403, 'AccessForbidden');
      return { status: 200, headers: {} };
    }
    if (!url.pathname.startsWith(`/${BUCKET}/`)) throw new S3Error(404, 'NoSuchBucket');
    this.#authorize(request, url, body);
    if (method === 'PUT') {
      const etag = `"${createHash('md5').update(body).digest('hex')}"`;
      this.#objects.set(url.pathname, { bytes: body, etag });
      return { status: 200, headers: { ETag: etag } };
    }
    if (method !== 'GET' && method !== 'HEAD') throw new S3Error(405, 'MethodNotAllowed');
    const found = this.#objects.get(url.pathname);
    if (!found) throw new S3Error(404, 'NoSuchKey');
    const { bytes, etag } = found;
    if (headers['if-none-match'] === etag) return { status: 304, headers: { ETag: etag } };
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    if (from === undefined) return { status: 200, headers: { ETag: etag }, body: bytes };
    const start = Number(from);
    if (start >= bytes.length) throw new S3Error(416, 'InvalidRange');
    const last = Math.min(to ? Number(to) : bytes.length - 1, bytes.length - 1);
    const headersOfPart = { ETag: etag, 'Content-Range': `bytes ${start}-${last}/${bytes.length}` };
    return { status: 206, headers: headersOfPart, body: bytes.subarray(start, last + 1) };
  }

  /** @throws S3Error where it is not signed, not rightly, or too late */
  #authorize(request: IncomingMessage, url: URL, body: Buffer): void {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, textOf(value)]),
    );
    const isPresigned = url.searchParams.has('X-Amz-Signature');
    const header = headers.authorization ?? '';
    const of = (name: string): string =>
      isPresigned
        ? (url.searchParams.get(`X-Amz-${name}`) ?? '')
        : (new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1] ?? '');
    const date = isPresigned ? of('Date') : (headers['x-amz-date'] ?? '');
    if (!/^\d{8}T\d{6}Z$/.test(date)) throw new S3Error(403, 'AccessDenied');
    const ageMs = Date.now() - Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
    if (isPresigned && ageMs > Number(of('Expires')) * 1_000) throw new S3Error(403, 'AccessDenied');
    if (!isPresigned && Math.abs(ageMs) > CLOCKS_APART_MS) throw new S3Error(403, 'RequestTimeTooSkewed');
    const { accessKeyId, region } = this.credentials;
    if (of('Credential') !== `${accessKeyId}/${scopeOf(date, region)}`)
      throw new S3Error(403, 'InvalidAccessKeyId');
    const payload = isPresigned ? 'UNSIGNED-PAYLOAD' : (headers['x-amz-content-sha256'] ?? '');
    const sha256 = createHash('sha256').update(body).digest('hex');
    if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256)
      throw new S3Error(400, 'XAmzContentSHA256Mismatch');
    const signedHeaders = of('SignedHeaders').split(';');
    if (!signedHeaders.includes('host')) throw new S3Error(403, 'AccessDenied');
    const signed: SignedRequest = {
      method: request.method ?? '',
      url,
      headers,
      signedHeaders,
      payload,
      date,
    };
    if (signatureOf(signed, this.credentials) !== of('Signature'))
      throw new S3Error(403, 'SignatureDoesNotMatch');
  }

  /** Of the first rule that allows the origin, the method, and in a preflight every header. */
  #cors({ headers, method = '' }: IncomingMessage): Record<string, string> {
    const origin = textOf(headers.origin);
    const wanted = textOf(headers['access-control-request-method']) || method;
    const asked = textOf(headers['access-control-request-headers']).split(/,\s*/).filter(Boolean);
    const rule = this.#rules.find(
      (each) =>
        each.AllowedOrigins.includes(origin) &&
        each.AllowedMethods.includes(wanted) &&
        asked.every((name) => each.AllowedHeaders.some((pattern) => matches(pattern, name))),
    );
    return rule
      ? {
          'Access-Control-Allow-Origin': origin,
          'Access-Control-Allow-Methods': rule.AllowedMethods.join(', '),
          ...(asked.length > 0 && { 'Access-Control-Allow-Headers': asked.join(', ') }),
          'Access-Control-Expose-Headers': rule.ExposeHeaders.join(', '),
        }
      : {};
  }
}
