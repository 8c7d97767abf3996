import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { digestText } from '../summary/digest-text.ts';
import { type ModuleSummary, SUMMARY_FORMAT } from '../summary/module-summary.ts';
import { summariseAtAnyDepth } from './any-depth.ts';

/** More summaries than this are thinned out to those of the last run: about 40 MB on disk. */
const maxEntries = 20_000;

/** Summaries by the content of their file, kept on disk between runs. */
export class SummaryCache {
  readonly #file: string | undefined;
  #stored: ReadonlyMap<string, ModuleSummary> | undefined;
  readonly #used = new Map<string, ModuleSummary>();
  #isDirty = false;

  /** @param folder where to keep the file; undefined keeps nothing */
  constructor(folder: string | undefined) {
    this.#file = folder === undefined ? undefined : join(folder, `summaries-${SUMMARY_FORMAT}.bin`);
  }

  get(path: string, content: string): ModuleSummary {
    const key = `${digestText(content)}${extname(path)}`;
    const known = this.#used.get(key) ?? this.#load().get(key);
    const summary = known ?? summariseAtAnyDepth(path, content);
    if (!known) this.#isDirty = true;
    this.#used.set(key, summary);
    return summary;
  }

  #load(): ReadonlyMap<string, ModuleSummary> {
    if (!this.#stored) this.#stored = this.#file === undefined ? new Map() : readSummaries(this.#file);
    return this.#stored;
  }

  /** Writes new summaries to disk; a folder that cannot be written to only costs time. */
  save(): void {
    if (!this.#isDirty || this.#file === undefined) return;
    const all = new Map([...this.#load(), ...this.#used]);
    const content = serialize({
      format: summaryFormat(),
      summaries: all.size > maxEntries ? this.#used : all,
    });
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

function readSummaries(file: string): ReadonlyMap<string, ModuleSummary> {
  try {
    const content: unknown = deserialize(readFileSync(file));
    const isOurs =
      typeof content === 'object' && content !== null && 'format' in content && 'summaries' in content;
    if (isOurs && content.format === summaryFormat() && content.summaries instanceof Map)
      return content.summaries;
  } catch {
    // Absent, damaged, or of another Node version: start anew.
  }
  return new Map();
}
