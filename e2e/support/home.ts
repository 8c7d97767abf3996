/** Where the specs serve the demo: not the port of `npm start`, which may be running. */
export const port = Number(process.env.KEEPSAKE_E2E_PORT ?? 5183);
export const home = `http://localhost:${port}/`;

/** Where they serve the pages of e2e/pages. */
export const pagesPort = port + 1;
export const pagesHome = `http://localhost:${pagesPort}/`;
export const labPage = `${pagesHome}e2e/pages/lab.html`;

/** Ports of the servers that a spec starts itself: specs run beside each other. */
export const ownPort = port + 2 + 2 * Number(process.env.TEST_PARALLEL_INDEX ?? 0);

/** Names the policy under which a page and all that it loads are served. */
export const policyCookie = 'keepsake-policy';
export const policies: Readonly<Record<string, string>> = {
  strict: "default-src 'self'; script-src 'self'",
  'trusted-types': "require-trusted-types-for 'script'; trusted-types keepsake",
};
