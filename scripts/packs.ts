/**
 * Results from elsewhere against damage: `npm run packs -- --packs 10000 --schedules 2000` mutates so many packs, which
 * are imported and served, and has so many servers answer as a seed says. `--first 500` begins with that seed.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    packs: { type: 'string', default: '10000' },
    schedules: { type: 'string', default: '2000' },
    first: { type: 'string', default: '0' },
    browser: { type: 'string', default: 'chromium' },
  },
});
const tests = [
  ...(Number(values.packs) > 0 ? ['mutated-packs'] : []),
  ...(Number(values.schedules) > 0 ? ['server-schedules'] : []),
].map((name) => `src/testing/elsewhere/${name}.browser.test.ts`);
const { status } = spawnSync('vitest', ['run', '--project=browser*', ...tests], {
  stdio: 'inherit',
  env: {
    ...process.env,
    KEEPSAKE_ENGINES: values.browser,
    VITE_KEEPSAKE_PACKS: values.packs,
    VITE_KEEPSAKE_SERVERS: values.schedules,
    VITE_KEEPSAKE_FIRST_PACK: values.first,
    VITE_KEEPSAKE_FIRST_SCHEDULE: values.first,
  },
});
process.exitCode = status ?? 1;
