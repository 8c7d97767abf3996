/** Without a test runner, for old Nodes. */
await import('./setup.js');
const { tryAll } = await import('./steps.js');
await tryAll();
