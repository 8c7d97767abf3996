import { runtimeChildren } from '../ast/children.ts';
import { type AstNode, childrenOf, isClassNode, isFunctionNode } from '../ast/node.ts';

/** What a function sees of its call beside its named parameters. */
export interface CallTraits {
  readonly usesThis: boolean;
  /** Whether it sees how many arguments it was given. */
  readonly countsArguments: boolean;
}

/** Reads a function for `this`, rest parameters and `arguments` of its own. */
export function callTraits(fn: AstNode): CallTraits {
  const hasOwn = fn.type !== 'ArrowFunctionExpression';
  const found = {
    usesThis: false,
    countsArguments: childrenOf(fn, 'params').some((each) => each.type === 'RestElement'),
  };
  const pending = hasOwn ? [...runtimeChildren(fn)] : [];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'ThisExpression' || node.type === 'Super') found.usesThis = true;
    if (node.type === 'Identifier' && node.name === 'arguments') found.countsArguments = true;
    const ownsThis = isClassNode(node) || (isFunctionNode(node) && node.type !== 'ArrowFunctionExpression');
    if (!ownsThis) pending.push(...runtimeChildren(node));
  }
  return found;
}
