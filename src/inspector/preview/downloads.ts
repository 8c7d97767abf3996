/** A result as a file, in forms that other tools read. */
import { MappedArray as Mapped, type MappedArray, type ShelvedResult } from 'keepsake';
import type { Preview } from './kind-of-result.ts';

export interface Download {
  readonly label: string;
  readonly extension: string;
  make(): Promise<Blob>;
}

/** Larger values are no text that anybody reads. */
const MOST_TEXT_BYTES = 64 * 2 ** 20;

const numpyCodes: Readonly<Record<string, string>> = {
  ...{ int8: '|i1', uint8: '|u1', int16: '<i2', uint16: '<u2', int32: '<i4', uint32: '<u4' },
  ...{ float16: '<f2', float32: '<f4', float64: '<f8', int64: '<i8', uint64: '<u8' },
};

/** NumPy's format, version 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export async function npyOf(array: MappedArray): Promise<Blob> {
  const shape = `(${array.shape.join(', ')}${array.shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${numpyCodes[array.dtype]}', 'fortran_order': False, 'shape': ${shape}, }`;
  const prefix = 10;
  const padded = text.padEnd(Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix - 1);
  const header = new TextEncoder().encode(`......\u0000\u0000..${padded}\n`);
  header.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  new DataView(header.buffer).setUint16(8, padded.length + 1, true);
  return new Blob([header, await array.blob()], { type: 'application/octet-stream' });
}

function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Uint8Array);
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value];
  return value;
}

const field = (value: unknown): string => {
  const text =
    typeof value === 'object' && value !== null ? JSON.stringify(value, plain) : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180. */
export function csvOf({ columns, rows, cell }: Extract<Preview, { kind: 'table' }>): Blob {
  const lines = [columns.map(field).join(',')];
  for (let row = 0; row < rows; row += 1)
    lines.push(columns.map((column) => field(cell(row, column))).join(','));
  return new Blob([lines.join('\r\n'), '\r\n'], { type: 'text/csv' });
}

export function downloadsOf(result: ShelvedResult, preview: Preview | undefined): Download[] {
  const isText = result.info.sizeBytes <= MOST_TEXT_BYTES;
  const json = async (): Promise<Blob> =>
    new Blob([JSON.stringify(await result.get(), plain, 1) ?? ''], { type: 'application/json' });
  const all: (Download | false)[] = [
    preview?.kind === 'array' &&
      preview.array instanceof Mapped && {
        label: '.npy',
        extension: 'npy',
        make: () => npyOf(preview.array),
      },
    preview?.kind === 'table' && { label: 'CSV', extension: 'csv', make: async () => csvOf(preview) },
    preview?.kind === 'text' && {
      ...{
        label: 'Text',
        extension: 'txt',
        make: async () => new Blob([preview.text], { type: 'text/plain' }),
      },
    },
    (preview?.kind === 'bytes' || preview?.kind === 'sound' || preview?.kind === 'image') && {
      ...{ label: 'The bytes', extension: 'bin', make: () => bytesOf(preview) },
    },
    isText && preview?.kind !== 'bytes' && { label: 'JSON', extension: 'json', make: json },
    { label: 'safetensors', extension: 'safetensors', make: () => result.blob() },
  ];
  return all.filter((each): each is Download => each !== false);
}

async function bytesOf(preview: Extract<Preview, { kind: 'bytes' | 'sound' | 'image' }>): Promise<Blob> {
  if (preview.kind === 'bytes') return preview.blob;
  if (preview.kind === 'sound') return preview.sound;
  return preview.image instanceof Blob ? preview.image : new Blob([preview.image.data.slice()]);
}

/** Hands a file to the browser. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
