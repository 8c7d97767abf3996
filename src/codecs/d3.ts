/** Codecs for d3: maps and sets by value, and hierarchies. */
import type { Codec } from '../values/values.ts';
import { type AnyClass, has, hasMethods, refuse } from './structure.ts';

// biome-ignore lint/suspicious/noExplicitAny: keys of any type
type Interned = (Map<any, unknown> | Set<any>) & { readonly _key: (value: unknown) => unknown };

/** InternMap and InternSet, as group(), rollup() and union() return them: `interned(InternMap, InternSet)`. */
export const interned = (
  InternMap: AnyClass<Interned>,
  InternSet: AnyClass<Interned>,
): Codec<Interned, readonly unknown[]> => {
  const usual = String(new InternMap()._key);
  const isMap = (value: unknown): value is Map<unknown, unknown> => value instanceof Map;
  return {
    name: 'd3.interned',
    is: (value) => (isMap(value) || value instanceof Set) && has(value, '_intern', '_key'),
    encode(value) {
      if (String(value._key) !== usual) refuse('a map with a key function of its own');
      return [isMap(value), ...value];
    },
    decode: ([isMap, ...items]) => new (isMap ? InternMap : InternSet)(items),
  };
};

interface Node {
  readonly parent: Node | null;
  readonly children?: readonly Node[];
}

/** Members of a node but those that lead to others, and which node is its parent. */
interface PlainNode {
  readonly fields: Record<string, unknown>;
  readonly parent: number;
}

interface PlainTree {
  readonly nodes: readonly PlainNode[];
  /** Which of the nodes it is. */
  readonly at: number;
}

function flatten(node: Node): PlainTree {
  let root = node;
  while (root.parent) root = root.parent;
  const all: Node[] = [root];
  const numbers = new Map<Node, number>([[root, 0]]);
  for (const each of all) {
    for (const child of each.children ?? []) {
      numbers.set(child, all.length);
      all.push(child);
    }
  }
  const nodes = all.map(({ parent, children, ...fields }) => ({
    fields,
    parent: parent ? (numbers.get(parent) ?? 0) : -1,
  }));
  return { nodes, at: numbers.get(node) ?? 0 };
}

/** hierarchy(), stratify() and the layouts over them: `hierarchies(hierarchy)`. A result is a whole tree, by its root. */
export const hierarchies = (hierarchy: (data: never) => object): Codec<Node, PlainTree> => ({
  name: 'd3.hierarchy',
  is: (value) =>
    has(value, 'data', 'depth', 'height', 'parent') && hasMethods(value, 'eachBefore', 'descendants'),
  encode: (node) => (node.parent ? refuse('a node inside of a tree; return its root') : flatten(node)),
  hash: flatten,
  decode({ nodes }) {
    const Made = hierarchy({} as never).constructor as AnyClass; // the library does not always export its class of nodes
    const made = nodes.map(({ fields }) => Object.assign(new Made(fields.data), fields));
    for (const [at, { parent }] of nodes.entries()) {
      const above = made[parent];
      if (!above) continue;
      made[at].parent = above;
      above.children = [...(above.children ?? []), made[at]];
    }
    return made[0];
  },
});
