#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import type { Manifest } from '../fingerprint/fingerprint.ts';
import { fingerprintEntry } from './fingerprint-entry.ts';
import { packCommand } from './pack-command.ts';
import { describeDiff, diffManifests } from './report/diff-manifests.ts';
import { parseManifest } from './report/manifest.ts';
import { warmCommand } from './warm/warm-command.ts';

const usage = `Usage: keepsake diff <old.json> <new.json>
       keepsake fingerprint <entry>... [--out <folder>]
       keepsake pack ls <pack> | verify <pack> | merge <new pack> <pack>...
       keepsake warm <calls.ts> [--config <vite.config.ts>] [--mode <mode>] [options]
       keepsake warm <page.html> --in <folder> [options]
                     --pack <keepsake.pack> --max-bytes <64M> --timeout-ms <600000> --cache <folder>
                     --channel <chrome> --executable <file>
       keepsake --version

diff says which cached functions lose their results between two builds, and because of which declaration. The files are
the memo-manifest.json that the build plugin emits.

fingerprint is for bundlers without the plugin (Turbopack, Parcel, Angular). It writes memo-manifest.json and a module
memo-versions, whose versions['src/sim.ts#sim'] goes into the option "version" of the cached function.

pack is for what memory.export() wrote: ls lists its entries, verify reads all of it and names what is damaged, merge
writes the newest whole entry of each call into a new pack.

warm makes the calls of a module in a headless browser, against the output of Vite, and writes a pack of their results
into it; what has not changed since the last time is not computed again. With other bundlers, build a page that hands
its calls to warm() of "keepsake/warm".`;

function readManifest(file: string): Manifest {
  try {
    return parseManifest(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function diff(files: readonly string[]): number {
  const [older, newer] = files;
  if (older === undefined || newer === undefined || files.length > 2) return misused();
  console.log(describeDiff(diffManifests(readManifest(older), readManifest(newer))));
  return 0;
}

async function fingerprint(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--out');
  const out = at === -1 ? '.' : args[at + 1];
  const entries = args.filter((_, index) => at === -1 || (index !== at && index !== at + 1));
  if (out === undefined || entries.length === 0 || entries.some((each) => each.startsWith('-')))
    return misused();
  const { written, messages, count } = await fingerprintEntry({ root: process.cwd(), entries, out });
  for (const message of messages) console.warn(message);
  console.log(`${written.join(' and ')} written, with versions of ${count} cached functions`);
  return 0;
}

function version(): number {
  const { version: text }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  console.log(text);
  return 0;
}

function misused(): number {
  console.error(usage);
  return 2;
}

async function main([verb, ...args]: readonly string[]): Promise<number> {
  try {
    if (verb === 'diff') return diff(args);
    if (verb === 'fingerprint') return await fingerprint(args);
    if (verb === 'pack') return (await packCommand(args)) ?? misused();
    if (verb === 'warm') return (await warmCommand(args)) ?? misused();
    if (verb === '--version') return version();
    if (verb !== '--help') return misused();
    console.log(usage);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
