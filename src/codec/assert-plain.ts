/** Members that could not be put back as they are. */
import { type HiddenMembers, integrityOf, specialMember } from '../values/values.ts';
import type { Encoding } from './encoding.ts';

/** Refuses what would come back as something else: hidden members, accessors, constants. */
export function assertPlain(
  encoding: Encoding,
  value: object,
  names: readonly string[],
  hidden: HiddenMembers | undefined,
): void {
  if (hidden?.symbol) encoding.refuse('a member with a symbol for its name');
  const [name] = hidden?.names ?? [];
  if (name !== undefined) encoding.refuse('a member that is not enumerable', name);
  const special = specialMember(value, names, integrityOf(value));
  if (special !== undefined) encoding.refuse('a member that is computed or constant', special);
}
