import { parseSync, rawTransferSupported } from '../peers.ts';
import { isComponent, scriptsOf } from './component.ts';
import { type AstNode, isNode } from './node.ts';

export interface SourceComment {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface ParsedSource {
  readonly program: AstNode;
  readonly comments: readonly SourceComment[];
  /** False for a CommonJS or script file: no import, no export, no import.meta. */
  readonly hasModuleSyntax: boolean;
}

type Language = 'js' | 'jsx' | 'ts' | 'tsx';

/** The syntax of a file by its extension; plain JavaScript may hold JSX. */
function languageOf(file: string): Language {
  if (/\.tsx$/.test(file)) return 'tsx';
  if (/\.[cm]?ts$/.test(file) || isComponent(file)) return 'ts';
  return 'jsx';
}

/**
 * Trees in shared memory instead of JSON halve the time of all that follows. The parser reserves 6 GiB of addresses for
 * it, which Windows counts as if they were used.
 */
let isRaw = process.platform !== 'win32' && canShareTrees();

/** Older parsers cannot say it. */
function canShareTrees(): boolean {
  return typeof rawTransferSupported === 'function' && rawTransferSupported();
}

function parseText(file: string, text: string): ReturnType<typeof parseSync> {
  const options = { lang: languageOf(file), sourceType: 'module', preserveParens: false } as const;
  const raw = { ...options, experimentalRawTransfer: true }; // an option without a declaration
  if (isRaw) {
    try {
      return parseSync(file, text, raw);
    } catch {
      isRaw = false; // no room for it, or code that is too deep for this stack
    }
  }
  return parseSync(file, text, options);
}

/** Parses one module, or gives the parser's first complaint. */
export function parseSource(file: string, source: string): ParsedSource | { readonly error: string } {
  const result = parseText(file, isComponent(file) ? scriptsOf(source) : source);
  const failure = result.errors.find((error) => String(error.severity) === 'Error');
  const program: unknown = result.program; // read as an untyped tree from here on
  if (failure || !isNode(program)) return { error: failure?.message ?? 'no syntax tree' };
  return { program, comments: result.comments, hasModuleSyntax: result.module.hasModuleSyntax };
}
