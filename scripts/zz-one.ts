import { readFileSync } from 'node:fs';
import { runForm } from '../src/testing/forms/run-form.ts';
const cases = JSON.parse(readFileSync('/work/shared/cases/identity/cases.json', 'utf8'));
const c = cases[0];
console.log(Date.now());
const r = await runForm(c.files, '(f)=>f(3)', { plugin: process.argv[2] !== 'no' });
console.log(Date.now(), JSON.stringify(r, null, 1).slice(0, 1500));
process.exit(0);
