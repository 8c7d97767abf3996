/** Checks that rooms import only what lies below them, and that the check really read the modules. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

/** What dependency-cruiser reports, as far as it is used here. */
interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
  readonly modules: readonly { readonly source: string }[];
}

/** Cruises the folders; every source file must have been read, since a missing parser reads none and passes. */
export function checkLayers(folders: readonly string[], cwd = process.cwd()): string[] {
  const { stdout } = spawnSync(
    'depcruise',
    [...folders, '--config', '.dependency-cruiser.js', '--output-type', 'json'],
    {
      cwd,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  );
  const { summary, modules }: Cruise = JSON.parse(stdout);
  const read = new Set(modules.map(({ source }) => source));
  const unread = folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd }))
    .filter((file) => !/fixtures|node_modules|e2e.consumers.(tools|types)./.test(file) && !read.has(file));
  return [
    ...unread.map((file) => `${file} was not read`),
    ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  ];
}

if (import.meta.main) {
  const problems = checkLayers(['src', 'demo', 'e2e']);
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log('Every import points down');
  process.exitCode = problems.length > 0 ? 1 : 0;
}
