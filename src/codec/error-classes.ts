/** Errors, made again: built-in classes by name. */

type ErrorClass = new (message?: string) => Error;

/** AggregateError takes its errors first; they are set afterwards. */
class EmptyAggregateError extends AggregateError {
  constructor(message?: string) {
    super([], message);
    Object.setPrototypeOf(this, AggregateError.prototype);
  }
}

const builtIns: Record<string, ErrorClass> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AggregateError: EmptyAggregateError,
};

const hidden = { enumerable: false, writable: true, configurable: true };

/** What an error says. */
export interface ErrorText {
  readonly base: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** Makes the error; `undefined` if there is no such base. */
export function makeError({ base, name, message, stack }: ErrorText): Error | undefined {
  const builtIn = Object.hasOwn(builtIns, base) ? builtIns[base] : undefined;
  if (builtIn === undefined) return undefined;
  const error = new builtIn(message === '' ? undefined : message);
  if (error.name !== name) Object.defineProperty(error, 'name', { ...hidden, value: name });
  if (stack === undefined) Reflect.deleteProperty(error, 'stack');
  else Object.defineProperty(error, 'stack', { ...hidden, value: stack });
  return error;
}
