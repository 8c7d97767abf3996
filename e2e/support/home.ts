/** Where the specs serve the demo: not the port of `npm start`, which may be running. */
export const port = Number(process.env.KEEPSAKE_E2E_PORT ?? 5183);
export const home = `http://localhost:${port}/`;

/** The page of e2e/pages/lab.ts. */
export const labPage = `${home}e2e/pages/lab.html`;
