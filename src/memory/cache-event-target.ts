/** An EventTarget of cache events, typed, and free where nobody listens. */
import type { CacheEvent, CacheEventKind, CacheEventOf } from '../events/events.ts';

/** An event of a Memory; `detail` says what happened. */
export type MemoryEvent<Kind extends CacheEventKind = CacheEventKind> = CustomEvent<CacheEventOf<Kind>>;

type Listener<Kind extends CacheEventKind> = (event: MemoryEvent<Kind>) => void;
type AnyListener = EventListenerOrEventListenerObject | null;
type AddOptions = AddEventListenerOptions | boolean;

export class CacheEventTarget extends EventTarget {
  readonly #listened = new Set<string>();

  override addEventListener<Kind extends CacheEventKind>(
    kind: Kind,
    listener: Listener<Kind> | null,
    options?: AddOptions,
  ): void;
  override addEventListener(kind: string, listener: AnyListener, options?: AddOptions): void;
  override addEventListener(kind: string, listener: never, options?: AddOptions): void {
    this.#listened.add(kind);
    super.addEventListener(kind, listener, options);
  }

  override removeEventListener<Kind extends CacheEventKind>(
    kind: Kind,
    listener: Listener<Kind> | null,
    options?: EventListenerOptions | boolean,
  ): void;
  override removeEventListener(
    kind: string,
    listener: AnyListener,
    options?: EventListenerOptions | boolean,
  ): void;
  override removeEventListener(
    kind: string,
    listener: never,
    options?: EventListenerOptions | boolean,
  ): void {
    super.removeEventListener(kind, listener, options);
  }

  protected emit(event: CacheEvent): void {
    // Most events have no listener, and a hit from this realm takes microseconds.
    if (this.#listened.has(event.kind)) this.dispatchEvent(new CustomEvent(event.kind, { detail: event }));
  }
}
