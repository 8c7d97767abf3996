/** Codecs for graphs: graphology, and dagre's graphlib. */
import type { Codec } from '../values/values.ts';
import { type AnyClass, has, refuse } from './structure.ts';

interface Exported {
  readonly options: Record<string, unknown>;
}

interface Graph {
  export(): Exported;
  eventNames(): readonly unknown[];
}

/**
 * graphology: `graphology(Graph)`. Nodes and edges in their order, with their attributes; keys of edges that the library
 * made up itself are random, and no part of it. A graph that somebody listens to is refused as a result.
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
  hash: (graph) => graph.export(),
  decode: (exported) => Graph.from(exported, exported.options),
});
