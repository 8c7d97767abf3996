import { parseSync } from '../peers.ts';
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

/** Parses one module, or gives the parser's first complaint. */
export function parseSource(file: string, source: string): ParsedSource | { readonly error: string } {
  const result = parseSync(file, isComponent(file) ? scriptsOf(source) : source, {
    lang: languageOf(file),
    sourceType: 'module',
    preserveParens: false,
  });
  const failure = result.errors.find((error) => String(error.severity) === 'Error');
  const program: unknown = result.program; // read as an untyped tree from here on
  if (failure || !isNode(program)) return { error: failure?.message ?? 'no syntax tree' };
  return { program, comments: result.comments, hasModuleSyntax: result.module.hasModuleSyntax };
}
