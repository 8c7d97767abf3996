import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The compiler options of a tsconfig.json, those that it extends included where they lie in the project. */
export function compilerOptions(file: string, depth = 0): Readonly<Record<string, unknown>> {
  const config = readConfig(file);
  const extended = [config.extends].flat().filter((each) => typeof each === 'string' && each.startsWith('.'));
  const inherited =
    depth > 8 ? [] : extended.map((each) => compilerOptions(named(dirname(file), String(each)), depth + 1));
  const own = isRecord(config.compilerOptions) ? config.compilerOptions : {};
  return Object.assign({}, ...inherited, own);
}

/** Whether TypeScript compiles the decorators of a file as it did before they were standard. */
export function usesLegacyDecorators(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, 'tsconfig.json');
    if (existsSync(file)) return compilerOptions(file).experimentalDecorators === true;
    if (folder === dirname(folder)) return false;
  }
}

function named(folder: string, file: string): string {
  return resolve(folder, file.endsWith('.json') ? file : `${file}.json`);
}

function readConfig(file: string): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(withoutComments(readFileSync(file, 'utf8')));
    return isRecord(content) ? content : {};
  } catch {
    return {}; // absent, or only TypeScript understands it
  }
}

function withoutComments(text: string): string {
  return text
    .replace(
      /("(?:\\.|[^"\\])*")|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
      (_, quoted: string | undefined) => quoted ?? '',
    )
    .replace(/,(\s*[}\]])/g, '$1');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
