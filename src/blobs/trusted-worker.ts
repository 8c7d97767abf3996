/** The storage worker's script, as the page will have it: Trusted Types refuse a plain URL, and other origins any worker. */

interface TrustedTypes {
  /** The page's own policy for what comes untrusted. */
  readonly defaultPolicy: unknown;
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

type Trust = (url: string) => string;

let trust: Trust | undefined;

/** A policy named 'keepsake', for the one script that this library starts; a page allows it by `trusted-types keepsake`. */
function createTrust(): Trust {
  // TypeScript's DOM library does not declare Trusted Types yet, and browsers may lack them.
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes || trustedTypes.defaultPolicy) return (url) => url;
  try {
    const policy = trustedTypes.createPolicy('keepsake', { createScriptURL: (url) => url });
    return (url) => policy.createScriptURL(url) as string; // a TrustedScriptURL, which Worker takes for one
  } catch {
    return (url) => url; // the name is not allowed, or taken: the page says whether plain URLs are
  }
}

/** Whether a library that a page loads from elsewhere, such as a CDN, has its worker there, too. */
export const isElsewhere = (url: string): boolean => {
  const { origin, protocol } = new URL(url, location.href);
  return protocol !== 'blob:' && origin !== location.origin;
};

/** A worker belongs to the page's origin: one from elsewhere is imported by a script of the page's own. */
const importing = (url: string): string =>
  URL.createObjectURL(new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' }));

/** Where the last worker was asked for. */
let asked = '';
export const askedUrl = (): string => asked;

/** Stands in for `Worker`: the same constructor, whose URL the page trusts. */
export const TrustedWorker: typeof Worker = new Proxy(
  class {} as unknown as typeof Worker, // Worker itself is missing where this is only imported
  {
    construct(_, [url, options]: [URL | string, WorkerOptions]) {
      trust ??= createTrust();
      asked = String(url);
      return new Worker(trust(isElsewhere(asked) ? importing(asked) : asked), options);
    },
  },
);
