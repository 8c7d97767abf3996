/** Runs in the page before anything else: notes when the platform is called, and when it answers. */

/** What a stretch of time went to; where stretches overlap, the first kind of this list has it. */
export const stepKinds = [
  'transaction()',
  'request',
  'lock()',
  'postMessage()',
  'IndexedDB answers',
  'commit',
  'lock granted',
  'worker answers',
] as const;

export type StepKind = (typeof stepKinds)[number];

export interface Step {
  readonly kind: StepKind;
  readonly start: number;
  readonly end: number;
}

declare global {
  interface Window {
    benchSteps: Step[];
  }
}

/** Self-contained: it is sent to the page as text. */
export function watchSteps(): void {
  const steps: Step[] = [];
  window.benchSteps = steps;
  const note = (kind: StepKind, start: number, end = performance.now()): void => {
    steps.push({ kind, start, end });
  };
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...args) {
    const start = performance.now();
    const made = transaction.apply(this, args);
    const end = performance.now();
    note('transaction()', start, end);
    if (made.mode === 'readwrite') {
      let lastAt = end;
      made.addEventListener('success', () => {
        lastAt = performance.now();
      });
      made.addEventListener('complete', () => note('commit', lastAt));
    }
    return made;
  };
  for (const name of ['get', 'getAll', 'add', 'put', 'delete'] as const) {
    // Each of them takes and returns what IndexedDB says; only the time is looked at.
    const original = IDBObjectStore.prototype[name] as (...args: unknown[]) => IDBRequest;
    const watched = function (this: IDBObjectStore, ...args: unknown[]): IDBRequest {
      const start = performance.now();
      const request = original.apply(this, args);
      const end = performance.now();
      note('request', start, end);
      request.addEventListener('success', () => note('IndexedDB answers', end));
      return request;
    };
    Object.defineProperty(IDBObjectStore.prototype, name, { value: watched, configurable: true });
  }
  const { request } = LockManager.prototype;
  LockManager.prototype.request = function (this: LockManager, ...args: unknown[]) {
    const use = args.at(-1) as LockGrantedCallback<unknown>; // the callback is the last of both forms
    const start = performance.now();
    let end = start;
    const result = Reflect.apply(request, this, [
      ...args.slice(0, -1),
      (lock: Lock | null) => {
        note('lock granted', end);
        return use(lock);
      },
    ]);
    end = performance.now();
    note('lock()', start, end);
    return result;
  } as typeof request;
  const sentAt = new WeakMap<Worker, number>();
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, ...args: unknown[]) {
    const start = performance.now();
    Reflect.apply(postMessage, this, args);
    sentAt.set(this, performance.now());
    note('postMessage()', start);
  } as typeof postMessage;
  // A listener of our own would come after the one that goes on with the work.
  const handler = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage');
  Object.defineProperty(Worker.prototype, 'onmessage', {
    ...handler,
    set(this: Worker, listen: (event: MessageEvent) => void) {
      handler?.set?.call(this, (event: MessageEvent) => {
        note('worker answers', sentAt.get(this) ?? performance.now());
        listen.call(this, event);
      });
    },
  });
}
