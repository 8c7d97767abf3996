/**
 * A database that the page makes once and never writes to again: where it is new, the browser has lost what the
 * origin had, and not only what a killed page wrote.
 */
export interface Witness {
  readonly madeAt: number;
  /** What Chromium says of databases that it threw away: 'none', or 'total' and why. */
  readonly dataLoss: string;
}

/** Chromium adds these to the event; they are in no standard. */
type Upgrade = IDBVersionChangeEvent & { readonly dataLoss?: string; readonly dataLossMessage?: string };

/** Resolves with a request's result. */
export const resultOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Resolves when what the transaction changed is stored. */
export const completed = (tx: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
  });

/** Opens a database; one that is new gets the table and a row that says when it was made. */
export async function openMarked(name: string, table: string): Promise<{ db: IDBDatabase } & Witness> {
  let dataLoss = 'none';
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = (event) => {
    const { dataLoss: amount = 'none', dataLossMessage = '' } = event as Upgrade;
    dataLoss = [amount, dataLossMessage].filter(Boolean).join(': ');
    for (const each of ['made', table]) request.result.createObjectStore(each);
    request.transaction?.objectStore('made').put(Date.now(), 'at');
  };
  const db = await resultOf(request);
  const madeAt: number = await resultOf(db.transaction('made').objectStore('made').get('at'));
  return { db, madeAt, dataLoss };
}

/** Opened as the page starts, before anything else of the origin. */
export async function openWitness(): Promise<Witness> {
  const { db, madeAt, dataLoss } = await openMarked('witness', 'nothing');
  db.close();
  return { madeAt, dataLoss };
}
