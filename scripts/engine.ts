/** `node scripts/engine.ts chromium|firefox|webkitgtk [file…]`: every browser test in one engine, or those of some files. */
import { spawnSync } from 'node:child_process';
import { whyNoWebKitGtk } from './browsers.ts';

const [engine = '', ...files] = process.argv.slice(2);
if (!['chromium', 'firefox', 'webkitgtk'].includes(engine))
  throw new Error(`"${engine}" is none of chromium, firefox and webkitgtk`);
const reason = engine === 'webkitgtk' ? whyNoWebKitGtk() : undefined;
if (reason) throw new Error(`No WebKitGTK here: ${reason}`);
const { status } = spawnSync(
  'vitest',
  [
    'run',
    '--project=browser*',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=reports/all-${engine}.json`,
    ...files,
  ],
  { stdio: 'inherit', env: { ...process.env, KEEPSAKE_ENGINES: engine } },
);
process.exitCode = status ?? 1;
