import { readFileSync } from 'node:fs';
import { runForm } from '/work/trees/p1/src/testing/forms/run-form.ts';
const cases = JSON.parse(readFileSync(process.env.CASES ?? '/work/shared/cases/identity/cases.json', 'utf8'));
const only = process.env.ONLY ? process.env.ONLY.split(',').map(Number) : undefined;
const started = Date.now(); {
  const tally: Record<string, number> = {};
  for (const [n, c] of cases.entries()) {
    if (only && !only.includes(n)) continue;
    let verdict = '';
    try {
      const call = c.call ?? '(f) => f(3)';
      const first = await runForm(c.files, call);
      let after = first;
      let b = first.runs[0], a = first.runs.at(-1)!;
      if (c.edits) {
        const files = { ...c.files };
        for (const [file, from, to] of c.edits) {
          if (typeof from === 'string' && !(files[file] ?? '').includes(from)) throw new Error('edit not found');
          files[file] = typeof from === 'string' ? files[file].replace(from, to) : to;
        }
        after = await runForm(files, call);
        a = after.runs[0];
      }
      const key = (r: any) => JSON.stringify(r.calls[0]?.key ?? null);
      const refused = b.calls.some((k: any) => k.key === undefined) || a.calls.some((k: any) => k.key === undefined);
      const partial = b.calls.some((k: any) => k.isPartial) || a.calls.some((k: any) => k.isPartial);
      const expectStays = c.expect === 'stays'; const noFacts = b.calls.some((k: any) => k.refusal === 'no facts') || b.calls.length === 0;
      const changed = a.result !== b.result;
      const same = key(a) === key(b);
      const stable = key(first.runs[0]) === key(first.runs[2]);
      verdict = noFacts ? 'UNRECOGNISED' : changed ? (refused ? 'refused' : !same ? 'ok' : partial ? 'partial(stale)' : 'STALE') : (refused ? 'same-refused' : same ? 'ok(same)' : 'SPURIOUS');
      if (!stable && !refused) verdict += ' UNSTABLE';
      if (partial) verdict += ' partial';
      const detail = refused ? [...b.calls, ...a.calls].find((k: any) => k.key === undefined)?.refusal : '';
      const bad = /STALE|SPURIOUS|UNREC|UNSTABLE|refused|partial/.test(verdict);
      if (bad || only) console.log(n, c.name, '=>', verdict, `[${c.today || c.expect}]`, b.result, a.result, detail, only ? JSON.stringify([b.calls, first.warnings, after.warnings], null, 1) : partial ? first.warnings.map((w: string) => w.split('\n')[0]).join(' / ') : '');
    } catch (error) {
      verdict = 'ERROR';
      console.log(n, c.name, '=> ERROR', String((error as any).stack ?? error).slice(0, 400));
    }
    tally[verdict] = (tally[verdict] ?? 0) + 1;
  }
  console.log(tally);
console.log(Date.now()-started,'ms'); process.exit(0); }
