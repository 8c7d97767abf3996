/** Every error class of the public surface, and how errors cross a thread. A closed set. */

/** Base of all errors that Keepsake itself raises; `kind` equals the class name and survives minification. */
export abstract class MemoryError extends Error {
  abstract readonly kind: string;

  protected constructor(message: string, options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): string {
    return this.kind;
  }
}

/** @param library The entry of keepsake/codecs that has a codec for the object, if there is one. */
export function unhashableCure(library?: string): string {
  const codecs = library === undefined ? '' : ` (keepsake/codecs/${library} has one)`;
  return `pass a codec for it in the "codecs" option${codecs}, leave it out with the "ignore" option, or give the call's identity with the "key" option`;
}

/**
 * An argument that has no value to hash, or may hold more than can be seen: a function, a DOM node, an instance with
 * private fields… `path` says where it is. Calls reject with it for arguments only; 'miss' and 'skip' events with the reason
 * 'untold' carry it for other parts of a call's key.
 */
export class UnhashableArgumentError extends MemoryError {
  readonly kind = 'UnhashableArgumentError';
  readonly path: string;
  readonly what: string;

  constructor(path: string, what: string, cure: string = unhashableCure()) {
    super(
      /^(?:captures|this|depends)\b|#/.test(path)
        ? `${path} cannot be told: ${what.replace(/,$/, '')}; ${cure}`
        : `Cannot hash ${path}: ${what} has no value to compare; ${cure}`,
    );
    this.path = path;
    this.what = what;
  }
}

/** A result, or a part of it at `path`, that cannot be stored and read back as it was. */
export class UnserializableResultError extends MemoryError {
  readonly kind = 'UnserializableResultError';
  readonly path: string;

  constructor(path: string, what: string) {
    super(
      `Cannot store ${path}: ${what} cannot be read back as it was; return plain data instead, or pass a codec for its class in the "codecs" option`,
    );
    this.path = path;
  }
}

/** Two live functions that only differ by what they captured, if by anything. */
export class AmbiguousFunctionError extends MemoryError {
  readonly kind = 'AmbiguousFunctionError';
  readonly id: string;

  constructor(id: string) {
    super(
      `Two functions with the id "${id}" and the same source were wrapped in this page, so their results cannot be told apart and are not kept; declare what they capture with "captures: () => ({ name })", or "captures: () => ({})" for nothing, or give a "version" with "trustVersion: true"`,
    );
    this.id = id;
  }
}

/** A shelved result whose entry was evicted or deleted since. */
export class ResultEvictedError extends MemoryError {
  readonly kind = 'ResultEvictedError';
  readonly key: string;

  constructor(key: string) {
    super(`The result ${key} is no longer stored; call the function again to compute it`);
    this.key = key;
  }
}

/** Stored bytes that are not what was written. */
export class DamagedEntryError extends MemoryError {
  readonly kind = 'DamagedEntryError';
  readonly key: string;
  readonly reason: string;

  constructor(key: string, reason: string, options?: ErrorOptions) {
    super(`The stored result ${key} is damaged (${reason}); call the function again to compute it`, options);
    this.key = key;
    this.reason = reason;
  }
}

/** Something stored by another version of Keepsake, in a form that this one does not read. */
export class UnsupportedFormatError extends MemoryError {
  readonly kind = 'UnsupportedFormatError';
  readonly found: number;
  readonly supported: number;

  constructor(found: number, supported: number) {
    super(
      `Stored format ${found} is not readable by this version, which reads format ${supported}; load the newer version of the page`,
    );
    this.found = found;
    this.supported = supported;
  }
}

/** A pack, or an entry from elsewhere, that is not what it should be. */
export class PackFormatError extends MemoryError {
  readonly kind = 'PackFormatError';
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`The pack cannot be read: ${reason}; export it again with this version`, options);
    this.reason = reason;
  }
}

/** The browser grants no more room for this origin. */
export class StorageFullError extends MemoryError {
  readonly kind = 'StorageFullError';
  readonly neededBytes: number;
  readonly availableBytes: number | undefined;

  constructor(neededBytes: number, availableBytes?: number, options?: ErrorOptions) {
    super(
      `No room to store ${neededBytes} bytes; lower "maxBytes", call reduceSize(), or free storage of this origin`,
      options,
    );
    this.neededBytes = neededBytes;
    this.availableBytes = availableBytes;
  }
}

/** No way to keep anything here; `reasons` has one line per tier that was tried. */
export class StorageUnavailableError extends MemoryError {
  readonly kind = 'StorageUnavailableError';
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[], options?: ErrorOptions) {
    super(`Nothing can be stored here (${reasons.join('; ')}); results are computed at every call`, options);
    this.reasons = reasons;
  }
}

/** A second writer ('r+' or 'w+') of one entry. */
export class EntryBusyError extends MemoryError {
  readonly kind = 'EntryBusyError';
  readonly key: string;

  constructor(key: string) {
    super(
      `The result ${key} is open for writing elsewhere; close that array first, or open it with mode 'c'`,
    );
    this.key = key;
  }
}

/** Use of a Memory, or of something that it handed out, after close(). */
export class MemoryClosedError extends MemoryError {
  readonly kind = 'MemoryClosedError';

  constructor(what = 'This Memory') {
    super(`${what} is closed; make a new Memory to go on`);
  }
}

/** Whether the error is one of Keepsake's own, across realms and bundles too. */
export function isMemoryError(error: unknown): error is MemoryError {
  return error instanceof MemoryError;
}
