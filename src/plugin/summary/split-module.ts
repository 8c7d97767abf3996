import { patternNames, runtimeChildren } from '../ast/children.ts';
import {
  type AstNode,
  childOf,
  childrenOf,
  declaredName,
  isClassNode,
  isFunctionNode,
  isNode,
  stringValue,
  textOf,
  withoutTypes,
} from '../ast/node.ts';
import { isErased } from '../ast/node-fields.ts';
import type { ExportTarget, ItemKind } from './module-summary.ts';

/** The name under which a nameless default export is filed. */
export const DEFAULT_NAME = '*default*';

/** A top-level declarator, function, class or statement, before it is serialised. */
export interface RawItem {
  readonly names: readonly string[];
  readonly kind: ItemKind;
  readonly node: AstNode;
  /** The initialiser of a declarator, or the expression of a default export. */
  readonly value: AstNode | undefined;
}

/** The parts of a module by their role. */
export interface ModuleParts {
  readonly items: RawItem[];
  readonly imports: Map<string, { source: string; name: string }>;
  readonly exports: Map<string, ExportTarget>;
  readonly stars: string[];
  readonly bareImports: string[];
}

/** Splits a program into items, imports and exports. */
export function splitModule(program: AstNode): ModuleParts {
  const parts: ModuleParts = {
    items: [],
    imports: new Map(),
    exports: new Map(),
    stars: [],
    bareImports: [],
  };
  for (const statement of childrenOf(program, 'body')) addStatement(parts, statement);
  return parts;
}

function addStatement(parts: ModuleParts, node: AstNode): void {
  if (isErased(node) || node.importKind === 'type' || node.exportKind === 'type') return;
  switch (node.type) {
    case 'ImportDeclaration': {
      addImport(parts, node);
      return;
    }
    case 'ExportAllDeclaration': {
      addStar(parts, node);
      return;
    }
    case 'ExportNamedDeclaration': {
      addNamedExport(parts, node);
      return;
    }
    case 'ExportDefaultDeclaration': {
      addDefaultExport(parts, node);
      return;
    }
    case 'TSImportEqualsDeclaration': {
      addImportEquals(parts, node);
      return;
    }
    case 'TSExportAssignment':
      parts.exports.set('default', { kind: 'local', name: DEFAULT_NAME });
      {
        addValue(parts, node, [DEFAULT_NAME], childOf(node, 'expression'));
        return;
      }
    default:
      addDeclaration(parts, node);
  }
}

function sourceOf(node: AstNode): string {
  return stringValue(childOf(node, 'source')) ?? '';
}

/** The name of an import or export specifier, which may be a string. */
function moduleName(node: AstNode | undefined): string {
  return stringValue(node) ?? textOf(node, 'name');
}

function addImport(parts: ModuleParts, node: AstNode): void {
  const source = sourceOf(node);
  const specifiers = childrenOf(node, 'specifiers');
  if (specifiers.length === 0) parts.bareImports.push(source);
  for (const specifier of specifiers) {
    if (specifier.importKind === 'type') continue;
    const local = textOf(childOf(specifier, 'local'), 'name');
    const imported = childOf(specifier, 'imported');
    const name =
      specifier.type === 'ImportNamespaceSpecifier' ? '*' : imported ? moduleName(imported) : 'default';
    parts.imports.set(local, { source, name });
  }
}

function addStar(parts: ModuleParts, node: AstNode): void {
  const exported = childOf(node, 'exported');
  if (!exported) parts.stars.push(sourceOf(node));
  else parts.exports.set(moduleName(exported), { kind: 'import', source: sourceOf(node), name: '*' });
}

function addNamedExport(parts: ModuleParts, node: AstNode): void {
  const declaration = childOf(node, 'declaration');
  if (declaration) {
    if (isErased(declaration)) return;
    for (const name of addDeclaration(parts, declaration)) parts.exports.set(name, { kind: 'local', name });
    return;
  }
  const isReexport = isNode(node.source);
  for (const specifier of childrenOf(node, 'specifiers')) {
    if (specifier.exportKind === 'type') continue;
    const name = moduleName(childOf(specifier, 'local'));
    const exported = moduleName(childOf(specifier, 'exported'));
    parts.exports.set(
      exported,
      isReexport ? { kind: 'import', source: sourceOf(node), name } : { kind: 'local', name },
    );
  }
}

function addDefaultExport(parts: ModuleParts, node: AstNode): void {
  const declaration = childOf(node, 'declaration');
  if (!declaration || isErased(declaration)) return;
  const name = textOf(childOf(declaration, 'id'), 'name');
  const isDeclaration = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
  const local = isDeclaration && name !== '' ? name : DEFAULT_NAME;
  parts.exports.set('default', { kind: 'local', name: local });
  if (!isDeclaration) {
    addValue(parts, node, [local], declaration);
    return;
  }
  const kind = declaration.type === 'ClassDeclaration' ? 'class' : 'function';
  parts.items.push({ names: [local], kind, node: declaration, value: undefined });
}

function addImportEquals(parts: ModuleParts, node: AstNode): void {
  const reference = childOf(node, 'moduleReference');
  const source = stringValue(childOf(reference, 'expression'));
  const local = textOf(childOf(node, 'id'), 'name');
  if (source !== undefined) parts.imports.set(local, { source, name: '*' });
  else parts.items.push({ names: [local], kind: 'value', node, value: reference });
}

function addValue(parts: ModuleParts, node: AstNode, names: string[], value: AstNode | undefined): void {
  const inner = value && withoutTypes(value);
  parts.items.push({ names, kind: kindOfValue(inner), node, value: inner });
}

function kindOfValue(value: AstNode | undefined): ItemKind {
  if (!value || isLiteral(value)) return 'literal';
  if (isFunctionNode(value)) return 'function';
  return isClassNode(value) ? 'class' : 'value';
}

/** Whether an expression is a primitive that no code can change. */
export function isLiteral(node: AstNode): boolean {
  if (node.type === 'Literal') return node.regex === undefined || node.regex === null;
  const operands = runtimeChildren(node);
  if (node.type === 'TemplateLiteral')
    return operands.every((each) => each.type === 'TemplateElement' || isLiteral(each));
  return /^(?:Unary|Binary|Logical|Conditional)Expression$/.test(node.type) && operands.every(isLiteral);
}

/** Adds a declaration or statement, and gives the names that it declares. */
function addDeclaration(parts: ModuleParts, node: AstNode): string[] {
  if (node.type === 'VariableDeclaration') {
    return childrenOf(node, 'declarations').flatMap((declarator) => {
      const names = patternNames(childOf(declarator, 'id')).map((id) => textOf(id, 'name'));
      addValue(parts, declarator, names, childOf(declarator, 'init'));
      return names;
    });
  }
  const kinds = new Map<string, ItemKind>([
    ['FunctionDeclaration', 'function'],
    ['ClassDeclaration', 'class'],
    ['TSEnumDeclaration', 'value'],
    ['TSModuleDeclaration', 'value'],
  ]);
  const kind = kinds.get(node.type);
  const names = kind ? [declaredName(node)] : hoistedNames(node);
  parts.items.push({ names, kind: kind ?? 'statement', node, value: undefined });
  return names;
}

/** The `var` names that a statement hoists to the module. */
function hoistedNames(node: AstNode): string[] {
  if (isFunctionNode(node) || isClassNode(node)) return [];
  const own =
    node.type === 'VariableDeclaration' && node.kind === 'var'
      ? childrenOf(node, 'declarations').flatMap((each) => patternNames(childOf(each, 'id')))
      : [];
  return [...own.map((id) => textOf(id, 'name')), ...runtimeChildren(node).flatMap(hoistedNames)];
}
