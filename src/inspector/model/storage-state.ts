/** What can be said of the storage, as one state that every statement of the panel comes from. */
import { Memory, type StorageStatus } from 'keepsake';

export type StorageKind = 'empty' | 'stored' | 'page-only' | 'full' | 'blocked' | 'gone' | 'none';

export interface StorageStatement {
  readonly kind: StorageKind;
  readonly title: string;
  readonly text: string;
}

const places: Readonly<Record<StorageStatus['tier'], string>> = {
  sync: 'in IndexedDB and in files of the origin’s private file system',
  writable: 'in IndexedDB and in files of the origin’s private file system, written by the page itself',
  indexeddb: 'in IndexedDB',
  memory: 'in this page',
  none: 'in IndexedDB; the first larger one opens the private file system',
};

const titles: Readonly<Record<StorageKind, string>> = {
  empty: 'Empty',
  stored: 'Stored',
  'page-only': 'This page only',
  full: 'Full',
  blocked: 'Blocked',
  gone: 'Cleared',
  none: 'No storage',
};

function textOf(kind: StorageKind, { tier, reasons }: StorageStatus): string {
  const why = reasons.length > 0 ? ` (${reasons.join('; ')})` : '';
  switch (kind) {
    case 'empty':
      return 'The first result that is computed opens the storage.';
    case 'stored':
      return `Results are kept ${places[tier]}.`;
    case 'page-only':
      return 'Results last until this page is closed, as its memory asks for.';
    case 'blocked':
      return `The browser refuses storage here${why}: results last until this page is closed. Private windows, blocked cookies and insecure origins do that.`;
    case 'full':
      return 'The last result was not kept, for want of room: clear some entries.';
    case 'gone':
      return 'The storage was cleared. The next result that is computed opens it anew.';
    case 'none':
      return `This memory stores nothing${why}.`;
  }
}

export class StorageState {
  readonly #memory: Memory;
  #status: StorageStatus = { tier: 'none', reasons: [] };
  #kind: StorageKind = 'empty';

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get statement(): StorageStatement {
    const kind = this.#kind;
    return { kind, title: titles[kind], text: textOf(kind, this.#status) };
  }

  /** Whether there is anything to read: to ask a memory that has no storage yet would make it. */
  async isThere(): Promise<boolean> {
    if (this.#kind !== 'empty' && this.#kind !== 'gone') return this.#kind !== 'none';
    // A browser that refuses all storage refuses the list too.
    return (await Memory.list().catch((): readonly string[] => [])).includes(this.#memory.name);
  }

  /** Asks, and listens until the signal fires. Never rejects. */
  async follow(signal: AbortSignal, onChange: () => void): Promise<void> {
    const set = (kind: StorageKind): void => {
      this.#kind = kind;
      onChange();
    };
    const ask = async (): Promise<void> => {
      const kind = await this.#ask();
      if (!signal.aborted) set(kind);
    };
    const memory = this.#memory;
    const askAnew = (): void => {
      if (this.#kind !== 'stored' && this.#kind !== 'page-only' && this.#kind !== 'blocked') void ask();
    };
    memory.addEventListener('skip', ({ detail }) => detail.reason === 'storage-full' && set('full'), {
      signal,
    });
    memory.addEventListener('storage', () => void ask(), { signal });
    memory.addEventListener('store', askAnew, { signal });
    memory.addEventListener('remote', askAnew, { signal });
    memory.addEventListener(
      'delete',
      ({ detail: { keys, functionId } }) => keys === undefined && functionId === undefined && set('gone'),
      { signal },
    );
    if (await this.isThere()) await ask();
  }

  async #ask(): Promise<StorageKind> {
    try {
      this.#status = await this.#memory.storageStatus();
    } catch (error) {
      this.#status = { tier: 'none', reasons: [String(error)] };
      return 'none';
    }
    const { tier, reasons } = this.#status;
    if (tier === 'none') return reasons.length > 0 ? 'none' : 'stored';
    if (tier !== 'memory') return 'stored';
    return reasons.length === 0 ? 'page-only' : 'blocked'; // refused storage says why
  }
}
