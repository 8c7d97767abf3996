/** The pack of the last build, and what was asked for within its calls, beside the summaries of the build plugin. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { AskedWithin } from '../../warm-protocol/warm-protocol.ts';

export class LastPack {
  readonly #pack: string;
  readonly #within: string;
  readonly #folder: string;

  /** @param folder The plugin's cache, which projects may share. @param target Where the pack is written */
  constructor(folder: string, target: string) {
    this.#folder = join(folder, 'warm');
    this.#pack = join(this.#folder, relative(folder, target).replaceAll(/[^\w-]+/g, '_'));
    this.#within = `${this.#pack}.json`;
  }

  get file(): string | undefined {
    return existsSync(this.#pack) ? this.#pack : undefined;
  }

  get within(): AskedWithin {
    try {
      return JSON.parse(readFileSync(this.#within, 'utf8'));
    } catch {
      return {}; // then calls within others are computed again with them
    }
  }

  /** Another build may read it meanwhile: it sees the old one or the new one. */
  keep(pack: string, within: AskedWithin): void {
    mkdirSync(this.#folder, { recursive: true });
    const fresh = `${this.#pack}.${process.pid}`;
    copyFileSync(pack, fresh);
    renameSync(fresh, this.#pack);
    writeFileSync(fresh, JSON.stringify(within));
    renameSync(fresh, this.#within);
  }
}
