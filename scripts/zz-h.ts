import { summarise } from '/work/trees/p1/src/plugin/summary/summarise.ts';
const s = summarise('/x/a.ts', process.argv[2]!);
console.log(JSON.stringify(s.items.map(i => [i.names, i.kind, i.uses, i.hides, i.traits]), null, 0));
process.exit(0);
