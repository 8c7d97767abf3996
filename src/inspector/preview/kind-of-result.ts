/** How a result is shown, by what it is. */
import { MappedArray } from 'keepsake';

export type Preview =
  | { readonly kind: 'array'; readonly array: MappedArray }
  | { readonly kind: 'image'; readonly image: Blob | ImageData }
  | { readonly kind: 'sound'; readonly sound: Blob }
  | { readonly kind: 'bytes'; readonly blob: Blob }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: number;
      readonly cell: Cell;
    }
  | { readonly kind: 'tree'; readonly value: unknown };

type Cell = (row: number, column: string) => unknown;

type Row = Readonly<Record<string, unknown>>;

const MOST_COLUMNS = 50;

const isPlain = (value: unknown): value is Row =>
  typeof value === 'object' &&
  value !== null &&
  (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);

/** Rows as objects of one form: as most parsers of CSV give them. */
function tableOfRows(value: readonly unknown[]): Preview | undefined {
  const [first] = value;
  if (!isPlain(first)) return undefined;
  const columns = Object.keys(first);
  const isTable =
    columns.length > 0 &&
    columns.length <= MOST_COLUMNS &&
    value.slice(0, 100).every((row) => isPlain(row) && columns.some((name) => name in row));
  const cell: Cell = (row, column) => (value[row] as Row | undefined)?.[column]; // told from the first hundred
  return isTable ? { kind: 'table', columns, rows: value.length, cell } : undefined;
}

/** Columns as arrays of one length. */
function tableOfColumns(value: Row): Preview | undefined {
  const columns = Object.keys(value);
  const lists = columns.map((name) => value[name]);
  const [first] = lists;
  const isTable =
    columns.length > 1 &&
    columns.length <= MOST_COLUMNS &&
    Array.isArray(first) &&
    lists.every((list) => Array.isArray(list) && list.length === first.length);
  if (!isTable) return undefined;
  const cell: Cell = (row, column) => (value[column] as readonly unknown[])[row]; // as was seen
  return { kind: 'table', columns, rows: first.length, cell };
}

function previewOfBlob(blob: Blob): Preview {
  if (blob.type.startsWith('image/')) return { kind: 'image', image: blob };
  if (blob.type.startsWith('audio/')) return { kind: 'sound', sound: blob };
  return { kind: 'bytes', blob };
}

/** `value` with a MappedArray for each typed array, as ShelvedResult.map() gives it. */
export function previewOf(value: unknown): Preview {
  if (value instanceof MappedArray) return { kind: 'array', array: value };
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (value instanceof Blob) return previewOfBlob(value);
  if (value instanceof ArrayBuffer) return { kind: 'bytes', blob: new Blob([value]) };
  if (typeof ImageData !== 'undefined' && value instanceof ImageData) return { kind: 'image', image: value };
  if (Array.isArray(value)) return tableOfRows(value) ?? { kind: 'tree', value };
  if (isPlain(value)) return tableOfColumns(value) ?? { kind: 'tree', value };
  return { kind: 'tree', value };
}
