/** What kind of build this is. */

// Bundlers put a text in place of the expression below; nothing else of the object is known in a browser.
declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** 'development', 'production', 'test'…; undefined where no bundler says so. */
export function buildMode(): string | undefined {
  try {
    return process.env.NODE_ENV;
  } catch {
    return undefined;
  }
}
