import sqlite3InitModule, { type OpfsSAHPoolDatabase } from '@sqlite.org/sqlite-wasm';
import type { SqliteReply, SqliteRequest } from './sqlite-protocol.ts';

declare const self: DedicatedWorkerGlobalScope;

/** The worker of the page before may still hold the files. */
const OPEN_ATTEMPTS = 40;
const OPEN_PAUSE_MS = 25;

let db: OpfsSAHPoolDatabase | undefined;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, OPEN_PAUSE_MS));

async function open(store: string): Promise<void> {
  const sqlite3 = await sqlite3InitModule();
  const install = () =>
    sqlite3.installOpfsSAHPoolVfs({ name: 'sahpool', directory: `sqlite-${store}`, initialCapacity: 4 });
  let pool = await install().catch(() => undefined);
  for (let attempt = 1; !pool && attempt < OPEN_ATTEMPTS; attempt += 1) {
    await pause();
    pool = await install().catch(() => undefined);
  }
  pool ??= await install();
  db = new pool.OpfsSAHPoolDb('/bench.db');
  db.exec('create table if not exists entries (key text primary key, value) without rowid');
}

function get(key: string): string | Uint8Array<ArrayBuffer> | undefined {
  const value = db?.selectValue('select value from entries where key = ?', key);
  // What is bound is text or bytes; SQLite hands bytes out in a buffer of their own.
  if (typeof value === 'string' || value instanceof Uint8Array)
    return value as string | Uint8Array<ArrayBuffer>;
  return undefined;
}

async function handle(request: SqliteRequest): Promise<string | Uint8Array<ArrayBuffer> | undefined> {
  if (request.name === 'open') await open(request.store);
  else if (request.name === 'get') return get(request.key);
  else if (request.name === 'set')
    db?.exec({ sql: 'insert or replace into entries values (?, ?)', bind: [request.key, request.value] });
  else if (request.name === 'delete')
    db?.exec({ sql: 'delete from entries where key = ?', bind: request.key });
  else db?.exec('delete from entries');
  return undefined;
}

self.onmessage = ({ data }: MessageEvent<SqliteRequest & { id: number }>) => {
  handle(data).then(
    (value) => {
      const reply: SqliteReply = { id: data.id, value };
      self.postMessage(reply, value instanceof Uint8Array ? [value.buffer] : []);
    },
    (error: unknown) => {
      const reply: SqliteReply = { id: data.id, error: String(error) };
      self.postMessage(reply);
    },
  );
};
