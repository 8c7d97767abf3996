/**
 * The fields of each node type that have a meaning at run time, in the order in which they are written to a skeleton.
 * A field that is not listed does not exist for the plugin, so a parser that adds one moves no fingerprint.
 * Changing a row moves fingerprints: raise SUMMARY_FORMAT with it.
 */
const rows = `
AccessorProperty: decorators static computed key value
ArrayExpression: elements
ArrayPattern: elements
ArrowFunctionExpression: async params body
AssignmentExpression: operator left right
AssignmentPattern: left right
AwaitExpression: argument
BinaryExpression: operator left right
BlockStatement: body
BreakStatement: label
CallExpression: optional callee arguments
CatchClause: param body
ChainExpression: expression
ClassBody: body
ClassDeclaration: decorators superClass body
ClassExpression: decorators superClass body
ConditionalExpression: test consequent alternate
ContinueStatement: label
Decorator: expression
DoWhileStatement: body test
ExportNamedDeclaration: declaration
ExpressionStatement: expression
ForInStatement: left right body
ForOfStatement: await left right body
ForStatement: init test update body
FunctionDeclaration: async generator params body
FunctionExpression: async generator params body
IfStatement: test consequent alternate
ImportExpression: phase source options
JSXAttribute: name value
JSXElement: openingElement children
JSXExpressionContainer: expression
JSXFragment: children
JSXMemberExpression: object property
JSXNamespacedName: namespace name
JSXOpeningElement: name attributes
JSXSpreadAttribute: argument
JSXSpreadChild: expression
LabeledStatement: label body
LogicalExpression: operator left right
MemberExpression: optional computed object property
MetaProperty: meta property
MethodDefinition: decorators static kind computed key value
NewExpression: callee arguments
ObjectExpression: properties
ObjectPattern: properties
Property: kind computed key value
PropertyDefinition: decorators static computed key value
RestElement: argument
ReturnStatement: argument
SequenceExpression: expressions
SpreadElement: argument
StaticBlock: body
Super:
SwitchCase: test consequent
SwitchStatement: discriminant cases
TaggedTemplateExpression: tag quasi
TemplateLiteral: quasis expressions
ThisExpression:
ThrowStatement: argument
TryStatement: block handler finalizer
TSEnumBody: members
TSEnumDeclaration: body
TSEnumMember: computed id initializer
TSModuleBlock: body
TSModuleDeclaration: body
TSParameterProperty: parameter
TSQualifiedName: left
UnaryExpression: operator argument
UpdateExpression: operator prefix argument
VariableDeclaration: kind declarations
VariableDeclarator: id init
WhileStatement: test body
WithStatement: object body
YieldExpression: delegate argument
`;

function parseRows(text: string): ReadonlyMap<string, readonly string[]> {
  const entries = text
    .trim()
    .split('\n')
    .map((row): [string, string[]] => {
      const [type = '', fields = ''] = row.split(':');
      return [type, fields.trim() === '' ? [] : fields.trim().split(' ')];
    });
  return new Map(entries);
}

/** Node type to the fields that enter a skeleton. */
export const nodeFields: ReadonlyMap<string, readonly string[]> = parseRows(rows);

/** Nodes that do nothing at run time and leave no trace in a skeleton. */
const erased = new Set([
  'DebuggerStatement',
  'EmptyStatement',
  'JSXEmptyExpression',
  'TSAbstractAccessorProperty',
  'TSAbstractMethodDefinition',
  'TSAbstractPropertyDefinition',
  'TSDeclareFunction',
  'TSEmptyBodyFunctionExpression',
  'TSInterfaceDeclaration',
  'TSIndexSignature',
  'TSNamespaceExportDeclaration',
  'TSTypeAliasDeclaration',
]);

/** Whether a node vanishes when types are stripped. */
export function isErased(node: { readonly type: string; readonly [field: string]: unknown }): boolean {
  if (erased.has(node.type) || node.declare === true) return true;
  if (node.type === 'MethodDefinition') {
    const value = node.value;
    return (
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      value.type === 'TSEmptyBodyFunctionExpression'
    );
  }
  return node.type === 'Identifier' && node.name === 'this';
}
