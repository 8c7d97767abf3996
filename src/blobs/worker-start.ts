/** A storage worker that does not start costs no result. It is said once in a realm: what failed, and what to write. */
import { assertSecureOrigin } from './folders.ts';
import { askedUrl, isElsewhere } from './trusted-worker.ts';

let isSaid = false;

/** A refusal is reported by a task of its own, which may come after the error that it causes. */
const REFUSAL_MS = 250;

/** Where the file has to be found, whatever bundler left it behind. */
const place = 'node_modules/keepsake/dist/keepsake/storage-worker.js';

/** @param refused directives of the page's policy */
function cureFor(isOurs: boolean, url: string, refused: readonly string[]): string {
  if (globalThis.isSecureContext === false) return 'serve the page by https:, or from localhost';
  if (!isOurs) return 'see to what "workerFactory" makes';
  if (refused.some((directive) => /trusted-types/.test(directive)))
    return 'add "trusted-types keepsake" to the Content-Security-Policy';
  if (isElsewhere(url))
    return `serve a copy of it yourself, and give new Memory({ workerFactory: () => new Worker('/storage-worker.js', { type: 'module' }) })`;
  if (refused.length > 0) return `allow it in the Content-Security-Policy: worker-src 'self'`;
  if (/\/\.vite\//.test(url))
    return "add optimizeDeps: { exclude: ['keepsake'] } to the configuration of Vite";
  return `have that URL serve ${place}: the plugin for your bundler does, or a line in docs/tools.md`;
}

/** Throws where a worker would have no files for want of a secure origin, and says so. */
export function assertWorkerMayStart(): void {
  try {
    assertSecureOrigin();
  } catch (error) {
    observeStart(true).failed(`${location.origin} is not a secure context`);
    throw error;
  }
}

/** Watches over one worker until it answers. */
export function observeStart(isOurs: boolean): { failed(why: string): void; done(): void } {
  const refused: string[] = [];
  const refuse = ({ effectiveDirective }: SecurityPolicyViolationEvent): unknown =>
    /^(worker|script|trusted|require-trusted)/.test(effectiveDirective) && refused.push(effectiveDirective);
  globalThis.addEventListener?.('securitypolicyviolation', refuse);
  const done = (): void => globalThis.removeEventListener?.('securitypolicyviolation', refuse);

  function say(why: string): void {
    done();
    // Shared and service workers start none.
    if (isSaid || typeof Worker === 'undefined') return;
    isSaid = true;
    const url = isOurs ? askedUrl() : '';
    console.warn(
      `[keepsake] The storage worker did not start${url && `: ${url}`}${why && ` (${why})`}. Results are kept, but large ones more slowly, by this thread; to change that, ${cureFor(isOurs, url, refused)}`,
    );
  }

  return { failed: (why) => void setTimeout(say, REFUSAL_MS, why), done };
}
