/** AWS Signature Version 4, as an S3 server computes it to compare, and as whoever presigns a URL does. */
import { createHash, createHmac } from 'node:crypto';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  /** SHA-256 of the body, or UNSIGNED-PAYLOAD. */
  readonly payload: string;
  /** 20130524T000000Z */
  readonly date: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** RFC 3986, as SigV4 wants it. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

export const scopeOf = (date: string, region: string): string =>
  `${date.slice(0, 8)}/${region}/s3/aws4_request`;

function canonicalRequest({ method, url, headers, signedHeaders, payload }: SignedRequest): string {
  const path = url.pathname.split('/').map((part) => encoded(decodeURIComponent(part)));
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort();
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`);
  return [method, path.join('/'), query.join('&'), lines.join(''), signedHeaders.join(';'), payload].join(
    '\n',
  );
}

export function signatureOf(request: SignedRequest, { secretAccessKey, region }: S3Credentials): string {
  const { date } = request;
  const text = ['AWS4-HMAC-SHA256', date, scopeOf(date, region), sha256(canonicalRequest(request))].join(
    '\n',
  );
  const parts = [date.slice(0, 8), region, 's3', 'aws4_request'];
  const key = parts.reduce<string | Buffer>((before, part) => hmac(before, part), `AWS4${secretAccessKey}`);
  return hmac(key, text).toString('hex');
}

/** A URL that whoever has it may use for so long. */
export function presigned(
  method: string,
  address: string,
  credentials: S3Credentials,
  { date, expiresSeconds = 3_600 }: { readonly date: string; readonly expiresSeconds?: number },
): string {
  const url = new URL(address);
  const query = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${credentials.accessKeyId}/${scopeOf(date, credentials.region)}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': String(expiresSeconds),
    'X-Amz-SignedHeaders': 'host',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const headers = { host: url.host };
  const request = { method, url, headers, signedHeaders: ['host'], payload: 'UNSIGNED-PAYLOAD', date };
  url.searchParams.set('X-Amz-Signature', signatureOf(request, credentials));
  return url.href;
}

export const dateOf = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
