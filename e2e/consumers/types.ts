/** `node e2e/consumers/types.ts`: the package's declarations under the compilers and settings that people have. */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, pack, workFolder } from './prepare.ts';

const source = fileURLToPath(new URL('types', import.meta.url));

/** Every way of finding modules, and the oldest and the newest library. */
const settings = [
  { module: 'ESNext', moduleResolution: 'Bundler', lib: ['ES2022', 'DOM'] },
  {
    module: 'ESNext',
    moduleResolution: 'Bundler',
    lib: ['ESNext', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  },
  { module: 'Node16', moduleResolution: 'Node16', lib: ['ES2022', 'DOM'] },
  { module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['ES2023', 'DOM'] },
  // TypeScript 7 has it no more, and 6 only on request.
  { module: 'ESNext', moduleResolution: 'Node10', lib: ['ES2022', 'DOM'] },
];

pack();
const folder = workFolder('types');
cpSync(source, folder, { recursive: true });
install(folder);
const { dependencies } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
const compilers = Object.keys(dependencies).filter((name) => name.startsWith('typescript-'));

let passed = 0;
let failed = 0;
for (const compiler of compilers) {
  for (const each of settings) {
    if (each.moduleResolution === 'Node10' && compiler >= 'typescript-6') continue;
    for (const skipLibCheck of [true, false]) {
      const compilerOptions = {
        ...each,
        skipLibCheck,
        target: 'ES2022',
        strict: true,
        noEmit: true,
        types: [],
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
      const tsc = join(folder, 'node_modules', compiler, 'bin/tsc');
      const { status, stdout } = spawnSync('node', [tsc, '-p', folder], { encoding: 'utf8' });
      const what = `${compiler}, ${each.moduleResolution}, ${each.lib[0]}${skipLibCheck ? '' : ', libraries checked'}`;
      console.log(
        `${status === 0 ? '✓' : '✗'} ${what}${status === 0 ? '' : `\n${stdout.replace(/^/gm, '    ')}`}`,
      );
      if (status === 0) passed += 1;
      else failed += 1;
    }
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
