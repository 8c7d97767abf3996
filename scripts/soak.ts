/**
 * A day in the life of a memory, against a model, in a real browser:
 * `npm run soak -- --steps 20000 --seed 7 --minutes 120`. The same seed makes the same steps.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '120' },
    browser: { type: 'string', default: 'chromium' },
  },
});
const { status } = spawnSync(
  'vitest',
  ['run', '--project=browser*', 'src/testing/soak/soak.browser.test.ts'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      KEEPSAKE_ENGINES: values.browser,
      VITE_KEEPSAKE_SOAK_STEPS: values.steps,
      VITE_KEEPSAKE_SOAK_SEED: values.seed,
      VITE_KEEPSAKE_SOAK_SECONDS: String(Number(values.minutes) * 60),
    },
  },
);
process.exitCode = status ?? 1;
