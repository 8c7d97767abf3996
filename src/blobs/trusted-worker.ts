/** Workers on pages that enforce Trusted Types, where a plain URL is refused. */

interface TrustedTypes {
  /** The page's own policy for what comes untrusted. */
  readonly defaultPolicy: unknown;
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

type Trust = (url: URL) => string | URL;

let trust: Trust | undefined;

/** A policy named 'keepsake', for the one script that this library starts; a page allows it by `trusted-types keepsake`. */
function createTrust(): Trust {
  // TypeScript's DOM library does not declare Trusted Types yet, and browsers may lack them.
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes || trustedTypes.defaultPolicy) return (url) => url;
  try {
    const policy = trustedTypes.createPolicy('keepsake', { createScriptURL: (url) => url });
    return ({ href }) => policy.createScriptURL(href) as string; // a TrustedScriptURL, which Worker takes for one
  } catch {
    return (url) => url; // the name is not allowed, or taken: the page says whether plain URLs are
  }
}

/** Stands in for `Worker`: the same constructor, whose URL the page trusts. */
export const TrustedWorker: typeof Worker = new Proxy(
  class {} as unknown as typeof Worker, // Worker itself is missing where this is only imported
  {
    construct(_, [url, options]: [URL, WorkerOptions]) {
      trust ??= createTrust();
      return new Worker(trust(url), options);
    },
  },
);
