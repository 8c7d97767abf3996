/** An untyped view of the parser's tree. The plugin reads only the fields listed in node-fields.ts. */
export interface AstNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Whether a field's value is a node. */
export function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The node in a field, or undefined where the field is absent or null. */
export function childOf(node: AstNode | undefined, field: string): AstNode | undefined {
  const value = node?.[field];
  return isNode(value) ? value : undefined;
}

/** The nodes in a list field; holes of array literals are left out. */
export function childrenOf(node: AstNode | undefined, field: string): AstNode[] {
  const value = node?.[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The text in a field, or an empty string. */
export function textOf(node: AstNode | undefined, field: string): string {
  const value = node?.[field];
  return typeof value === 'string' ? value : '';
}

/** The name of an identifier node, or undefined for any other node. */
export function identifierName(node: AstNode | undefined): string | undefined {
  return node?.type === 'Identifier' ? textOf(node, 'name') : undefined;
}

/** The value of a string literal, or of a template without placeholders. */
export function stringValue(node: AstNode | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node?.type !== 'TemplateLiteral' || childrenOf(node, 'expressions').length > 0) return undefined;
  return cookedText(childrenOf(node, 'quasis')[0]);
}

/** The text of a template element as the program sees it; undefined for an invalid escape in a tagged template. */
export function cookedText(element: AstNode | undefined): string | undefined {
  const value = element?.value;
  if (typeof value !== 'object' || value === null || !('cooked' in value)) return undefined;
  return typeof value.cooked === 'string' ? value.cooked : undefined;
}

/** The first name of a declaration's id: `N` of `namespace N.Inner {}`. */
export function declaredName(node: AstNode | undefined): string {
  let id = childOf(node, 'id');
  while (id?.type === 'TSQualifiedName') id = childOf(id, 'left');
  return textOf(id, 'name');
}

const transparent = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
]);

/** The expression inside type assertions and parentheses, which do nothing at run time. */
export function withoutTypes(node: AstNode): AstNode {
  let inner = node;
  while (transparent.has(inner.type)) {
    const next = childOf(inner, 'expression');
    if (!next) return inner;
    inner = next;
  }
  return inner;
}

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

export interface FunctionNode extends AstNode {
  readonly type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression';
}

export interface ClassNode extends AstNode {
  readonly type: 'ClassDeclaration' | 'ClassExpression';
}

/** Whether a node is a function with a body of its own. */
export function isFunctionNode(node: AstNode | undefined): node is FunctionNode {
  return node !== undefined && functionTypes.has(node.type);
}

/** Whether a node is a class. */
export function isClassNode(node: AstNode | undefined): node is ClassNode {
  return node?.type === 'ClassDeclaration' || node?.type === 'ClassExpression';
}

/** The static name of a property or method key: an identifier, a string, a number or a `#name`. */
export function keyName(owner: AstNode, field = 'key'): string | undefined {
  const key = childOf(owner, field);
  if (!key) return undefined;
  if (key.type === 'PrivateIdentifier') return `#${textOf(key, 'name')}`;
  if (owner.computed === true) return stringValue(key);
  if (key.type === 'Identifier') return textOf(key, 'name');
  if (key.type !== 'Literal') return undefined;
  return typeof key.value === 'string' || typeof key.value === 'number' ? String(key.value) : undefined;
}

/** The name of the member that a member expression reads, where it is static. */
export function memberName(node: AstNode): string | undefined {
  return keyName(node, 'property');
}
