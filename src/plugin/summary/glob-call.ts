import { type AstNode, childOf, childrenOf, keyName, stringValue, withoutTypes } from '../ast/node.ts';
import type { GlobSlot } from './module-summary.ts';
import type { UnitWriter } from './unit-writer.ts';

/** `import.meta.glob('./*.ts', { eager: true })` stands for the files that match, and what is imported of them. */
export function writeGlob(writer: UnitWriter, node: AstNode): void {
  const [first, options] = childrenOf(node, 'arguments');
  const patterns = first && textsOf(withoutTypes(first));
  if (!patterns) {
    writer.note('FP003', 'imports files by a pattern that is computed; write it as text', node);
    writer.writeFields(node);
    return;
  }
  const read = readOptions(options && withoutTypes(options));
  if (!read) {
    writer.note(
      'FP003',
      'imports files with options that are computed; write them as an object literal',
      node,
    );
    writer.writeFields(node);
    return;
  }
  const { base, exhaustive, eager, query = read.as, import: name } = read;
  const slot: GlobSlot = {
    kind: 'glob',
    glob: { patterns, isExhaustive: exhaustive === true, ...(typeof base === 'string' && { base }) },
    isEager: eager === true,
    query: typeof query === 'string' && query !== '' ? `?${query.replace(/^\?/, '')}` : '',
    name: typeof name === 'string' ? name : '*',
  };
  writer.slot(slot);
}

function textsOf(node: AstNode): string[] | undefined {
  const listed = node.type === 'ArrayExpression' ? childrenOf(node, 'elements') : [node];
  const texts = listed.map((each) => stringValue(withoutTypes(each)));
  return texts.length > 0 && texts.every((text) => text !== undefined) ? texts : undefined;
}

type OptionValue = string | boolean;

const optionNames = new Set(['as', 'base', 'caseSensitive', 'eager', 'exhaustive', 'import', 'query']);

/** Options by their name; undefined where one of them is no literal. */
function readOptions(node: AstNode | undefined): Partial<Record<string, OptionValue>> | undefined {
  if (!node) return {};
  if (node.type !== 'ObjectExpression') return undefined;
  const found: Partial<Record<string, OptionValue>> = {};
  for (const property of childrenOf(node, 'properties')) {
    const name = keyName(property) ?? '';
    const value = childOf(property, 'value');
    const read = value && readValue(withoutTypes(value));
    if (!optionNames.has(name) || read === undefined) return undefined;
    found[name] = read;
  }
  return found;
}

/** A text, true or false, or for `query` an object: `{ raw: true, width: '2' }` is `raw=true&width=2`. */
function readValue(node: AstNode): OptionValue | undefined {
  const text = stringValue(node);
  if (text !== undefined) return text;
  if (node.type === 'Literal') return typeof node.value === 'boolean' ? node.value : String(node.value);
  if (node.type !== 'ObjectExpression') return undefined;
  const parts = childrenOf(node, 'properties').map((property) => {
    const value = childOf(property, 'value');
    const read = value && readValue(withoutTypes(value));
    return read === undefined ? undefined : `${keyName(property) ?? ''}=${read}`;
  });
  return parts.every((part) => part !== undefined) ? parts.join('&') : undefined;
}
