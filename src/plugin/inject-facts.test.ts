import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { analyseFiles } from './scenarios/analyse-files.ts';

const shared = {
  'simulate.ts':
    'export async function simulate(steps: number, { dt }: { dt: number }) {\n  return steps * dt;\n}\n',
  'base.ts': 'export class Base {\n  inherited(x: number) {\n    return x;\n  }\n}\n',
};

test.each(['calls', 'methods'])('facts are written where the fixture %s says', async (name) => {
  const folder = new URL('./fixtures/inject/', import.meta.url);
  const source = readFileSync(new URL(`${name}.input.ts`, folder), 'utf8');
  const { outcome } = await analyseFiles({ 'main.ts': source, ...shared });
  await expect(outcome.output?.code).toMatchFileSnapshot(new URL(`${name}.expected.ts`, folder).pathname);
});
