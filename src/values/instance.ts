/** Whether the members of an instance say all that it holds, as far as can be seen. */
import { computedMember, hiddenMembers } from './kinds/fields.ts';

/** Members that stand for content elsewhere: in the memory of a WASM module, or in a table of the library. */
const pointers = /^(?:__wbg_ptr|__wbg_inst|\$\$|dataId|sessionId)$/;

const isPointer = (value: object, name: string): boolean =>
  pointers.test(name) || (name === 'ptr' && typeof Reflect.get(value, name) === 'number');

/** Why the enumerable members `names` are not all of an instance, in words that follow its name; undefined where they are. */
export function hiddenState(instance: object, names: readonly string[]): string | undefined {
  const hidden = hiddenMembers(instance, names);
  if (hidden?.symbol) return 'which has a member with a symbol for its name';
  if (hidden) return `whose member "${hidden.names[0]}" is not enumerable`;
  if (names.length === 0) return 'which has no member that tells it from another';
  const pointer = names.find((name) => isPointer(instance, name));
  if (pointer !== undefined) return `whose member "${pointer}" only points to its content`;
  const computed = computedMember(instance, names);
  return computed === undefined ? undefined : `whose member "${computed}" is computed`;
}
