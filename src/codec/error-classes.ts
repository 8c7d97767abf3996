/** Errors, made again: built-in classes by name, and stand-ins for classes written in script. */

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
  readonly className: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** A class of that name under the built-in one: `constructor.name` reads as before, `instanceof` sees the built-in only. */
function standIn(base: ErrorClass, className: string): ErrorClass {
  return { [className]: class extends base {} }[className] ?? base;
}

/** Makes the error; `undefined` if there is no such base. */
export function makeError({ base, className, name, message, stack }: ErrorText): Error | undefined {
  const builtIn = Object.hasOwn(builtIns, base) ? builtIns[base] : undefined;
  if (builtIn === undefined) return undefined;
  const error = new builtIn(message === '' ? undefined : message);
  if (className !== base) {
    Object.setPrototypeOf(error, standIn(builtIn, className).prototype);
  }
  if (error.name !== name) Object.defineProperty(error, 'name', { ...hidden, value: name });
  if (stack === undefined) Reflect.deleteProperty(error, 'stack');
  else Object.defineProperty(error, 'stack', { ...hidden, value: stack });
  return error;
}
