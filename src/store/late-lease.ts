/** The row that says that this realm may be writing: what sees to it comes with the first write. */
import type { Catalog } from '../catalog/catalog.ts';
import { Chunk } from '../chunks/chunks.ts';
import type { WriterLease } from './writer-lease.ts';

const chunk = new Chunk(() => import('./writer-lease.ts'));

export class LateLease {
  readonly #memory: string;
  readonly #catalog: () => Catalog | undefined;
  #lease: WriterLease | undefined;
  /** The realm lets go of its database: what was begun before is not gone on with. */
  #isOver = false;

  constructor(memory: string, catalog: () => Catalog | undefined) {
    this.#memory = memory;
    this.#catalog = catalog;
  }

  /** Something is being written. */
  note(): void {
    this.#isOver = false;
    if (chunk.loaded) this.#opened(chunk.loaded).note();
    else
      void chunk.load().then(
        (module) => this.#isOver || this.#opened(module).note(),
        () => undefined, // the log stays as it is
      );
  }

  /** Renews the log where a realm has ended in the middle. Never rejects. */
  async look(): Promise<void> {
    const module = await chunk.load().catch(() => undefined);
    if (module) await this.#opened(module).look();
  }

  /** Nothing is written any more, for now. Never rejects. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#lease?.end();
  }

  /** The database is about to be deleted, and the mark with it. */
  drop(): void {
    this.#isOver = true;
    this.#lease?.drop();
  }

  #opened({ WriterLease }: typeof import('./writer-lease.ts')): WriterLease {
    this.#lease ??= new WriterLease(this.#memory, this.#catalog);
    return this.#lease;
  }
}
