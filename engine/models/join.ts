import { GraphBuilder } from '../graph/graph-builder.ts';
import { concat } from '../graph/operators.ts';
import { joinNames } from './graph-names.ts';
import type { ComputeType } from './weight-store.ts';

/** Joins pieces of keys or values, [1, tokens, channels] each, without leaving the device. */
export function buildJoin(compute: ComputeType, pieces: number): GraphBuilder {
  const graph = new GraphBuilder('join', 'Joins pieces of a sequence');
  const inputs = Array.from({ length: pieces }, (_, index) => graph.input(joinNames.piece(index), compute, [1, `tokens_${String(index)}`, 'channels']));
  graph.output(joinNames.joined, concat(graph, inputs, 1, 'joined'));
  return graph;
}
