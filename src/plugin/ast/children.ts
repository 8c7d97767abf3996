import { type AstNode, isNode, withoutTypes } from './node.ts';
import { isErased, nodeFields } from './node-fields.ts';

const children = Symbol('children');

/** A node with its children, which every pass over a module asks for. */
interface KnownNode extends AstNode {
  [children]?: readonly AstNode[];
}

/** The child nodes that exist at run time, in the order of the whitelist. */
export function runtimeChildren(node: KnownNode): readonly AstNode[] {
  const known = node[children];
  if (known) return known;
  const found = findChildren(node);
  node[children] = found;
  return found;
}

function findChildren(node: AstNode): AstNode[] {
  const found: AstNode[] = [];
  for (const field of nodeFields.get(node.type) ?? []) {
    const value = node[field];
    if (isNode(value)) addRuntime(found, value);
    else if (Array.isArray(value)) {
      for (const element of value) if (isNode(element)) addRuntime(found, element);
    }
  }
  return found;
}

function addRuntime(found: AstNode[], node: AstNode): void {
  const inner = withoutTypes(node);
  if (!isErased(inner)) found.push(inner);
}

/** The identifiers that a binding pattern declares, in source order. */
export function patternNames(pattern: AstNode | undefined): AstNode[] {
  if (!pattern || isErased(pattern)) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'AssignmentPattern':
      return patternNames(fieldNode(pattern, 'left'));
    case 'RestElement':
      return patternNames(fieldNode(pattern, 'argument'));
    case 'TSParameterProperty':
      return patternNames(fieldNode(pattern, 'parameter'));
    case 'Property':
      return patternNames(fieldNode(pattern, 'value'));
    case 'ArrayPattern':
    case 'ObjectPattern':
      return runtimeChildren(pattern).flatMap(patternNames);
    default:
      return [];
  }
}

function fieldNode(node: AstNode, field: string): AstNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}
