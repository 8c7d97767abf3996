import { programs } from '../src/testing/real-packages/programs.ts';
import { PackageProject } from '../src/testing/real-packages/package-project.ts';
for (const [name, program] of Object.entries(programs)) {
  const p = new PackageProject(program); const t = Date.now();
  const r = await p.run();
  console.log(name, r ? r.files.length : 'FAIL', Date.now() - t, r?.runs.map((x) => `${x.name}: ${x.result.slice(0, 50)} ${x.call?.key ? 'k' + (x.call.isPartial ? 'P' : '') : x.call?.refusal?.slice(0, 150)}`).join('\n    '));
  p.remove();
}
process.exit(0);
