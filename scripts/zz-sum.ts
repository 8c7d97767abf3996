import { summarise } from '../src/plugin/summary/summarise.ts';
const texts: Record<string,string> = JSON.parse((await import('node:fs')).readFileSync('/work/shared/cases/identity/cases.json','utf8'))[0].files;
for (const [f, t] of Object.entries(texts)) { console.log(f); const s = summarise('/x/' + f, t); console.log(JSON.stringify(s.items.map(i => [i.names, i.uses, i.hides, i.traits])));}
process.exit(0);
