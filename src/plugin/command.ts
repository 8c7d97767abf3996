#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import type { Manifest } from '../fingerprint/fingerprint.ts';
import { describeDiff, diffManifests } from './report/diff-manifests.ts';
import { parseManifest } from './report/manifest.ts';

const usage = `Usage: keepsake diff <old.json> <new.json>

Says which cached functions lose their results between two builds, and because of which declaration.
The files are the memo-manifest.json that the build plugin emits.`;

function readManifest(file: string): Manifest {
  try {
    return parseManifest(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function main([verb, older, newer, ...rest]: readonly string[]): number {
  if (verb !== 'diff' || older === undefined || newer === undefined || rest.length > 0) {
    console.error(usage);
    return verb === '--help' ? 0 : 2;
  }
  try {
    console.log(describeDiff(diffManifests(readManifest(older), readManifest(newer))));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
