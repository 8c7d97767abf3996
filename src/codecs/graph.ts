/** Codec for graphs of graphology. */
import type { Codec } from '../values/values.ts';
import { type AnyClass, has, refuse } from './structure.ts';

interface Edge {
  readonly key: string;
}

interface Exported {
  readonly options: Record<string, unknown>;
  readonly edges: readonly Edge[];
}

interface Graph {
  export(): Exported;
  eventNames(): readonly unknown[];
}

/** A key that the library made up begins so, with a random number behind it. */
const madeUp = 'geid_';

const withoutMadeUp = ({ key, ...rest }: Edge): object => (key.startsWith(madeUp) ? rest : { key, ...rest });

/**
 * graphology: `graphology(Graph)`. Nodes and edges in their order, with their attributes; keys of edges that the library
 * made up itself are random, and do not count in arguments. A graph that somebody listens to is refused as a result.
 */
export const graphology = (
  Graph: AnyClass<Graph> & { from(data: unknown, options: unknown): Graph },
): Codec<Graph, Exported> => ({
  name: 'graphology',
  is: (value) =>
    has(value, 'implementation', 'order', 'size', 'export') && value.implementation === 'graphology',
  encode(graph) {
    if (graph.eventNames().length > 0) refuse('a graph with listeners, which cannot be stored');
    return graph.export();
  },
  hash(graph) {
    const exported = graph.export();
    return { ...exported, edges: exported.edges.map(withoutMadeUp) };
  },
  decode: (exported) => Graph.from(exported, exported.options),
});
