/** Codec for graphs of graphology. */
import type { Codec } from '../values/values.ts';
import { type AnyClass, has, levelsTo, refuse } from './structure.ts';

interface Edge {
  readonly key: string;
}

interface Exported {
  readonly options: Record<string, unknown>;
  readonly edges: readonly Edge[];
}

interface Graph {
  readonly type: string;
  readonly multi: boolean;
  export(): Exported;
  eventNames(): readonly unknown[];
}

/** A key that the library made up begins so, with a random number behind it. */
const madeUp = 'geid_';

const withoutMadeUp = ({ key, ...rest }: Edge): object => (key.startsWith(madeUp) ? rest : { key, ...rest });

type GraphClass = AnyClass<Graph> & { from(data: unknown, options: unknown): Graph };

/** Graph itself, or the class of graphs of one type that the library has as well: 'MultiDirectedGraph'. */
function classNameOf(graph: Graph): string {
  const levels = levelsTo(graph, 'export');
  if (levels > 1) return '';
  const type =
    levels === 1 && graph.type !== 'mixed'
      ? `${graph.type.charAt(0).toUpperCase()}${graph.type.slice(1)}`
      : '';
  return levels === 1 && graph.multi ? `Multi${type}Graph` : `${type}Graph`;
}

/**
 * graphology: `graphology(Graph)`. Nodes and edges in their order, with their attributes; keys of edges that the library
 * made up itself are random, and do not count in arguments. A graph that somebody listens to is refused as a result.
 */
export const graphology = (Graph: GraphClass): Codec<Graph, Exported & { readonly className: string }> => ({
  name: 'graphology',
  is: (value) =>
    has(value, 'implementation', 'order', 'size', 'type', 'multi', 'export') &&
    value.implementation === 'graphology' &&
    classNameOf(value as unknown as Graph) !== '', // as the members say
  encode(graph) {
    if (graph.eventNames().length > 0) refuse('a graph with listeners, which cannot be stored');
    return { ...graph.export(), className: classNameOf(graph) };
  },
  hash(graph) {
    const exported = graph.export();
    return { ...exported, className: classNameOf(graph), edges: exported.edges.map(withoutMadeUp) };
  },
  decode({ className, ...exported }) {
    const Made: GraphClass | undefined = className === 'Graph' ? Graph : Reflect.get(Graph, className);
    return Made?.from(exported, exported.options) ?? refuse(`graphology has no ${className} here`);
  },
});
