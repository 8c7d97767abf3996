/** Parts of a value that are left out of its key, as a tree that the walk descends along. */

/** Names and positions from the value down: `[0, 'verbose']`. */
export type IgnoredPath = readonly (string | number)[];

/** What is ignored at and below one place. */
export interface IgnoredNode {
  isIgnored: boolean;
  readonly below: Map<string, IgnoredNode>;
}

const newNode = (): IgnoredNode => ({ isIgnored: false, below: new Map() });
const treeByPaths = new WeakMap<readonly IgnoredPath[], IgnoredNode>();

function buildTree(paths: readonly IgnoredPath[]): IgnoredNode {
  const root = newNode();
  for (const path of paths) {
    let node = root;
    for (const step of path) {
      const next = node.below.get(String(step)) ?? newNode();
      node.below.set(String(step), next);
      node = next;
    }
    node.isIgnored = true;
  }
  return root;
}

/** The tree of these paths; made once for each list, so the list must not change. */
export function ignoredTree(paths: readonly IgnoredPath[]): IgnoredNode {
  const known = treeByPaths.get(paths);
  if (known) return known;
  const tree = buildTree(paths);
  treeByPaths.set(paths, tree);
  return tree;
}
