import { GraphBuilder } from '../graph/graph-builder.ts';
import { concat } from '../graph/operators.ts';
import { joinNames } from './graph-names.ts';
import type { ComputeType } from './weight-store.ts';

/** Joins two pieces of keys or values, [1, tokens, channels], without leaving the device. */
export function buildJoin(compute: ComputeType): GraphBuilder {
  const graph = new GraphBuilder('join', 'Joins two pieces of a sequence');
  const first = graph.input(joinNames.first, compute, [1, 'first', 'channels']);
  const second = graph.input(joinNames.second, compute, [1, 'second', 'channels']);
  graph.output(joinNames.joined, concat(graph, [first, second], 1, 'joined'));
  return graph;
}
