/** Runs a program in a frame: a realm of its own over the same storage, as a page is after a reload. */

/** What a program did. */
export interface Run {
  readonly values: readonly unknown[];
  readonly computed: number;
  readonly hits: readonly string[];
  readonly skips: readonly string[];
  /** What was said on the console, in order. */
  readonly notices: readonly string[];
}

/** Loads the module in a new frame and gives what its `run(...args)` resolves to. */
export async function runInFrame<R>(module: URL, ...args: readonly unknown[]): Promise<R> {
  const frame = document.createElement('iframe');
  const { promise, resolve, reject } = Promise.withResolvers<R>();
  const settle = ({ source, data }: MessageEvent): void => {
    if (source !== frame.contentWindow) return;
    if ('error' in data) reject(new Error(data.error));
    else resolve(data.result);
  };
  addEventListener('message', settle);
  const call = `run(...${JSON.stringify(args)})`;
  frame.srcdoc = `<script type="module">
    // What the test runner makes of import() in the modules that it serves.
    globalThis.__vitest_browser_runner__ = { wrapDynamicImport: (load) => load() };
    const tell = (data) => parent.postMessage(data, '*');
    try { const { run } = await import(${JSON.stringify(module.href)}); tell({ result: await ${call} }); }
    catch (error) { tell({ error: String(error?.stack ?? error) }); }
  </script>`;
  document.body.append(frame);
  try {
    return await promise;
  } finally {
    removeEventListener('message', settle);
    frame.remove();
  }
}
