/** Errors: what they say, what they carry, and the class they claim. */
import { classOfObject } from '../classes.ts';
import { type HiddenMembers, hiddenNames, memberSymbol } from './fields.ts';

/** The parts of an error, whatever its class. */
export interface ErrorParts {
  /** The nearest built-in class: 'TypeError', 'AggregateError'… */
  readonly base: string;
  /** The class that it was made from; equals `base` unless the class was written in script. */
  readonly className: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** `cause` and `errors`, which are not enumerable, only where they are the error's own. */
  readonly hidden: ReadonlyArray<'cause' | 'errors'>;
  /** Own enumerable names, without those above. */
  readonly fields: readonly string[];
  /** What else is there, and is not enumerable. */
  readonly others: HiddenMembers | undefined;
}

const ownHidden = ['cause', 'errors'] as const;
/** What the parts say, and what engines write on every error. */
const told = new Set<string>(
  'name message stack cause errors fileName lineNumber columnNumber line column sourceURL'.split(' '),
);
const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** Takes an error apart; nothing of it is walked. */
export function errorParts(error: Error): ErrorParts {
  const facts = classOfObject(error);
  const className = facts?.name ?? 'Error';
  const names = hiddenNames(error).filter((name) => !told.has(name));
  const symbol = memberSymbol(error);
  return {
    base: facts?.extendsBuiltIn ?? className,
    className,
    name: textOr(error.name, className),
    message: textOr(error.message, ''),
    stack: typeof error.stack === 'string' ? error.stack : undefined,
    hidden: ownHidden.filter((name) => Object.hasOwn(error, name)),
    fields: Object.keys(error).filter((name) => !told.has(name)),
    others: symbol || names.length > 0 ? { names, symbol } : undefined,
  };
}
