import { runtimeChildren } from '../ast/children.ts';
import {
  type AstNode,
  childOf,
  childrenOf,
  isFunctionNode,
  keyName,
  memberName,
  withoutTypes,
} from '../ast/node.ts';
import type { Scope } from '../ast/scopes.ts';
import { Closure } from './closure.ts';
import type { ModuleContext } from './module-context.ts';

/**
 * The surroundings of a memoised method: members reached through `this` become part of the unit, data fields are listed
 * so that their values enter the key. Where `this` escapes the whole class counts.
 */
export class MethodClosure extends Closure {
  readonly thisProps = new Set<string>();
  readonly #classNode: AstNode;
  readonly #isStatic: boolean;
  readonly #members = new Map<string, number>();
  readonly #pendingMembers: AstNode[] = [];
  #needsWholeClass = false;

  constructor(context: ModuleContext, siteScope: Scope, classNode: AstNode, isStatic: boolean) {
    super(context, {
      scope: siteScope,
      around: context.scopes.of.get(classNode) ?? siteScope,
      fn: undefined,
      capturesThis: false,
    });
    this.#classNode = classNode;
    this.#isStatic = isStatic;
  }

  /** Writes the method, all that it reaches in its class, and the superclass. */
  writeMethod(method: AstNode): void {
    const name = keyName(method);
    if (name !== undefined) this.#members.set(name, 0);
    this.#writeMember(method);
    for (let member = this.#pendingMembers.shift(); member; member = this.#pendingMembers.shift()) {
      this.#writeMember(member);
    }
    const superClass = childOf(this.#classNode, 'superClass');
    this.writer.push('extends');
    if (superClass) this.writer.write(superClass);
    if (this.#needsWholeClass) this.#writeWholeClass();
    this.writePending();
  }

  #writeMember(member: AstNode): void {
    const { writer } = this;
    const isMethod = member.type === 'MethodDefinition';
    writer.push(`${member.type} ${String(member.kind)} ${this.#members.get(keyName(member) ?? '') ?? '?'}`);
    for (const decorator of childrenOf(member, 'decorators')) {
      if (!writer.context.memoNodes.has(decorator)) writer.write(decorator);
    }
    // A method's function opens a `this` of its own, which here is the instance.
    writer.thisDepth = isMethod ? -1 : 0;
    writer.writeValue(member.value);
    writer.thisDepth = 0;
  }

  override writeThis(member: string | undefined, node: AstNode, isCalled: boolean): string | undefined {
    if (member === undefined) {
      if (!this.#needsWholeClass)
        this.writer.note('FP001', 'uses all of "this"; its fields are added to the key', node);
      this.#needsWholeClass = true;
      return undefined;
    }
    const declared = this.#declared(member);
    const known = this.#members.get(member);
    if (known === undefined) {
      this.#members.set(member, this.#members.size);
      this.#pendingMembers.push(...declared);
    }
    const isInherited = declared.length === 0 && isCalled && this.#classNode.superClass !== null;
    if (isInherited) return `this.${member}`;
    if (declared.length > 0 && declared.every(isBehaviour)) return `this.%${this.#members.get(member)}`;
    this.#addData(member, node);
    return `this.${member}`;
  }

  #addData(member: string, node: AstNode): void {
    if (!member.startsWith('#')) this.thisProps.add(member);
    else
      this.writer.note(
        'FP009',
        `reads the private field "${member}", whose value cannot enter the key`,
        node,
      );
  }

  #declared(name: string): AstNode[] {
    return childrenOf(childOf(this.#classNode, 'body'), 'body').filter(
      (each) => keyName(each) === name && (each.static === true) === this.#isStatic,
    );
  }

  #writeWholeClass(): void {
    for (const member of childrenOf(childOf(this.#classNode, 'body'), 'body')) {
      const name = keyName(member);
      const isData =
        !isBehaviour(member) && member.type !== 'StaticBlock' && (member.static === true) === this.#isStatic;
      if (isData && name !== undefined) this.#addData(name, member);
    }
    for (const name of assignedFields(this.#classNode)) {
      if (this.#declared(name).length === 0 && !name.startsWith('#')) this.thisProps.add(name);
    }
    this.writer.scope = this.writer.context.scopes.of.get(this.#classNode)?.parent ?? this.writer.scope;
    this.writer.thisDepth = 1;
    this.writer.write(this.#classNode);
  }
}

/** Whether a class member is code: a method, an accessor, or a field that holds a function. */
function isBehaviour(member: AstNode): boolean {
  const value = childOf(member, 'value');
  return member.type === 'MethodDefinition' || (value !== undefined && isFunctionNode(withoutTypes(value)));
}

/** Names of the fields that any code of a class assigns through `this`. */
function assignedFields(node: AstNode): string[] {
  const left = node.type === 'AssignmentExpression' ? childOf(node, 'left') : undefined;
  const isField = left?.type === 'MemberExpression' && childOf(left, 'object')?.type === 'ThisExpression';
  const name = isField ? memberName(left) : undefined;
  return [...(name === undefined ? [] : [name]), ...runtimeChildren(node).flatMap(assignedFields)];
}
