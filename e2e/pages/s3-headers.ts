/** Signs a request for S3 in the page, as the option `remote.headers` has it: SigV4 with an unsigned payload. */
import type { RemoteRequest } from 'keepsake';

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const hex = (buffer: ArrayBuffer): string =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function hmac(key: ArrayBuffer | Uint8Array<ArrayBuffer>, text: string): Promise<ArrayBuffer> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  return crypto.subtle.sign('HMAC', imported, bytesOf(text));
}

export const s3Headers =
  ({ accessKeyId, secretAccessKey, region }: S3Keys) =>
  async ({ method, url }: RemoteRequest): Promise<Record<string, string>> => {
    const { host, pathname } = new URL(url);
    const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
    const day = date.slice(0, 8);
    const payload = 'UNSIGNED-PAYLOAD';
    const headers = { host, 'x-amz-content-sha256': payload, 'x-amz-date': date };
    const names = Object.keys(headers).join(';');
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
    const request = [method, pathname, '', lines.join(''), names, payload].join('\n');
    const digest = hex(await crypto.subtle.digest('SHA-256', bytesOf(request)));
    const scope = `${day}/${region}/s3/aws4_request`;
    let key: ArrayBuffer | Uint8Array<ArrayBuffer> = bytesOf(`AWS4${secretAccessKey}`);
    for (const part of [day, region, 's3', 'aws4_request']) key = await hmac(key, part);
    const signature = hex(await hmac(key, ['AWS4-HMAC-SHA256', date, scope, digest].join('\n')));
    const credential = `${accessKeyId}/${scope}`;
    return {
      'x-amz-content-sha256': payload,
      'x-amz-date': date,
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
    };
  };
