import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { isComponent } from '../ast/component.ts';
import { digestText } from '../summary/digest-text.ts';
import type { FileFacts } from '../walk/world.ts';
import { isCode } from './classify.ts';
import type { SummaryCache } from './summary-cache.ts';

interface StoredFile {
  readonly stamp: string;
  readonly facts: FileFacts;
}

/** Facts of files as they are on disk. A file is looked at again once per pass, so a missed watcher event heals. */
export class FileStore {
  readonly #cache: SummaryCache;
  readonly #files = new Map<string, StoredFile>();
  readonly #checked = new Set<string>();

  constructor(cache: SummaryCache) {
    this.#cache = cache;
  }

  /** Starts a new pass: every file is checked against the disk when it is next asked for. */
  recheck(): void {
    this.#checked.clear();
  }

  drop(path: string): void {
    this.#files.delete(path);
    this.#checked.delete(path);
  }

  /** Facts that are known and current. */
  find(path: string): FileFacts | undefined {
    const stored = this.#files.get(path);
    if (stored && !this.#checked.has(path)) {
      if (stampOf(path) !== stored.stamp) {
        this.#files.delete(path);
        return undefined;
      }
      this.#checked.add(path);
    }
    return stored?.facts;
  }

  /** Reads a file; one that is gone has the facts of an empty one under a digest of its own. */
  load(path: string): FileFacts {
    const known = this.find(path);
    if (known) return known;
    const stamp = stampOf(path);
    const facts = this.#read(path);
    this.#files.set(path, { stamp, facts });
    this.#checked.add(path);
    return facts;
  }

  #read(path: string): FileFacts {
    let content: Buffer;
    try {
      content = readFileSync(path);
    } catch {
      return { digest: 'absent', summary: this.#cache.get(path, '') };
    }
    const digest = digestText(content);
    if (isCode(path) || isComponent(path))
      return { digest, summary: this.#cache.get(path, content.toString('utf8')) };
    return extname(path) === '.json' ? { digest, json: parseJson(content.toString('utf8')) } : { digest };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // the bundler reports the mistake; until then the text is the value
  }
}

function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.ctimeMs} ${stats.size}` : 'absent';
}
