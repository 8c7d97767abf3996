/** Codecs for tables of Apache Arrow and Arquero. */
import type { Codec } from '../values/values.ts';
import { has, hasMethods, refuse } from './structure.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of a library that this package does not depend on
type Arrow = any;

/** What is used of apache-arrow. */
export interface ArrowFunctions {
  tableFromIPC(bytes: Uint8Array): Arrow;
  tableToIPC(table: Arrow, type: 'stream'): Uint8Array;
  readonly Table: Arrow;
  readonly RecordBatch: Arrow;
  readonly Schema: Arrow;
}

const isTable = (value: unknown): boolean =>
  has(value, 'schema', 'batches', 'numRows', 'numCols') && hasMethods(value, 'getChild');

const isVector = (value: unknown): boolean =>
  has(value, 'type', 'data', 'length', 'nullCount') && hasMethods(value, 'getChild', 'toArray', 'isValid');

/** Whether the values lie in one typed array, one behind the other. */
const isNumeric = (vector: Arrow): boolean =>
  vector.nullCount === 0 && ArrayBuffer.isView(vector.toArray()) && vector.toArray().length === vector.length;

/** A value of a column as plain data: rows and lists are looked into. */
function plainValue(value: Arrow): unknown {
  if (isVector(value)) return Array.from(value, plainValue);
  if (!has(value, 'toJSON') || value instanceof Date) return value;
  return Array.from(
    Object.entries(Object(value.toJSON as unknown) && (value as Arrow).toJSON()),
    ([name, each]) => [name, plainValue(each)],
  );
}

const describeField = ({ name, type, nullable, metadata }: Arrow): unknown => [
  name,
  String(type),
  nullable,
  metadata,
];

/** By content: neither how it is cut into batches counts, nor how it is encoded. */
const hashVector = (vector: Arrow): unknown => [
  String(vector.type),
  isNumeric(vector) ? vector.toArray() : Array.from(vector, plainValue),
];

const hashTable = (table: Arrow): unknown => [
  table.schema.metadata,
  table.schema.fields.map(describeField),
  table.schema.fields.map((_: unknown, at: number) => hashVector(table.getChildAt(at))),
];

/** Apache Arrow, and copies of it such as duckdb-wasm's: `arrow({ tableFromIPC, tableToIPC, Table, … })`, or the module. */
export const arrow = (library: ArrowFunctions): Codec<Arrow, { isVector: boolean; bytes: Uint8Array }> => {
  const { tableFromIPC, tableToIPC, Table } = library;
  return {
    name: 'arrow',
    is: (value) => isTable(value) || isVector(value),
    encode(value) {
      const table = isVector(value) ? new Table({ vector: value }) : value;
      return { isVector: isVector(value), bytes: tableToIPC(table, 'stream') };
    },
    hash: (value) => (isVector(value) ? hashVector(value) : hashTable(value)),
    decode({ isVector, bytes }) {
      const table = tableFromIPC(bytes);
      return isVector ? table.getChild('vector') : table;
    },
  };
};

// biome-ignore lint/suspicious/noExplicitAny: as above
type ColumnTable = any;

/** The column's own array where it has one. */
function columnOf(table: ColumnTable, name: string): unknown {
  const column = table.column(name);
  const own = has(column, 'data') ? column.data : column;
  return Array.isArray(own) || ArrayBuffer.isView(own) ? own : table.array(name);
}

/** Arquero: `arquero(table)`, its function. Tables that are grouped, ordered or filtered are refused: reify() them. */
export const arquero = (
  table: (columns: readonly (readonly [string, unknown])[]) => ColumnTable,
): Codec<ColumnTable, readonly (readonly [string, unknown])[]> => ({
  name: 'arquero',
  is: (value) =>
    has(value, 'numRows', 'columnNames', 'isFiltered') && hasMethods(value, 'columnNames', 'reify'),
  encode(value) {
    if (value.isFiltered() || value.isGrouped() || value.isOrdered()) {
      refuse('a table that is filtered, grouped or ordered; take what its reify() or ungroup() returns');
    }
    return value.columnNames().map((name: string) => [name, columnOf(value, name)]);
  },
  decode: (columns) => table(columns),
});
