import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { digestText } from '../summary/digest-text.ts';
import { type ModuleSummary, SUMMARY_FORMAT } from '../summary/module-summary.ts';
import { summariseAtAnyDepth } from './any-depth.ts';
import { packSummary, unpackSummary } from './pack-summary.ts';

/** More summaries than this are thinned out to those of the last run: about 40 MB on disk. */
const maxEntries = 20_000;

/** Summaries by the content of their file, kept on disk between runs. */
export class SummaryCache {
  readonly #file: string | undefined;
  #stored: Map<string, string> | undefined;
  readonly #used = new Map<string, ModuleSummary>();
  #isDirty = false;

  /** @param folder where to keep the file; undefined keeps nothing */
  constructor(folder: string | undefined) {
    this.#file = folder === undefined ? undefined : join(folder, `summaries-${SUMMARY_FORMAT}.txt`);
  }

  get(path: string, content: string): ModuleSummary {
    const key = `${digestText(content)}${extname(path)}`;
    const known = this.#used.get(key);
    if (known) return known;
    const summary = this.#find(key) ?? summariseAtAnyDepth(path, content);
    this.#used.set(key, summary);
    return summary;
  }

  #find(key: string): ModuleSummary | undefined {
    const stored = this.#load();
    const text = stored.get(key);
    const summary = text === undefined ? undefined : unpackSummary(text);
    if (summary) return summary;
    this.#isDirty = true;
    stored.delete(key);
    return undefined;
  }

  #load(): Map<string, string> {
    if (!this.#stored) this.#stored = this.#file === undefined ? new Map() : readSummaries(this.#file);
    return this.#stored;
  }

  /** Writes new summaries to disk; a folder that cannot be written to only costs time. */
  save(): void {
    if (!this.#isDirty || this.#file === undefined) return;
    const stored = this.#load();
    const isFull = stored.size + this.#used.size > maxEntries;
    const lines = new Map(isFull ? [] : stored);
    for (const [key, summary] of this.#used)
      if (isFull || !lines.has(key)) lines.set(key, packSummary(summary));
    const content = [summaryFormat(), ...[...lines].map(([key, text]) => `${key} ${text}`)].join('\n');
    try {
      mkdirSync(join(this.#file, '..'), { recursive: true });
      const draft = `${this.#file}.${process.pid}`;
      writeFileSync(draft, content);
      renameSync(draft, this.#file);
      this.#isDirty = false;
    } catch {
      // Read-only installs keep working without the cache.
    }
  }
}

let format: string | undefined;

/** The format number and the code that makes summaries: an update of the plugin starts with an empty cache. */
export function summaryFormat(): string {
  if (format === undefined) {
    const texts = ['../ast', '../summary'].flatMap((folder) => {
      const url = new URL(`${folder}/`, import.meta.url);
      const files = readdirSync(url).filter((file) => /\.[jt]s$/.test(file) && !file.includes('.test.'));
      return files.sort().map((file) => readFileSync(new URL(file, url), 'utf8'));
    });
    format = `${SUMMARY_FORMAT} ${digestText(texts.join('\n'))}`;
  }
  return format;
}

/** A text for each summary, which is read when somebody asks for it. */
function readSummaries(file: string): Map<string, string> {
  try {
    const [first, ...lines] = readFileSync(file, 'utf8').split('\n');
    if (first === summaryFormat())
      return new Map(
        lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
      );
  } catch {
    // Absent: start anew.
  }
  return new Map();
}
