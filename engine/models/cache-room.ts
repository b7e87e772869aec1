import { GraphBuilder } from '../graph/graph-builder.ts';
import { concat, scalar } from '../graph/operators.ts';
import { cacheRoomNames } from './graph-names.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType } from './weight-store.ts';

/** A layer's keys or values with empty rows behind them, without leaving the device. */
export function buildCacheRoom({ text }: ModelDimensions, compute: ComputeType): GraphBuilder {
  const graph = new GraphBuilder('cache_room', 'Makes room in a cache');
  const cache = graph.input(cacheRoomNames.cache, compute, [1, text.keyHeads, 'rows', text.headSize]);
  const room = graph.input(cacheRoomNames.room, 'int64', [4]);
  const empty = graph.node({
    operator: 'Expand', inputs: [scalar(graph, 'zero', compute, 0), room],
    outputs: [{ type: compute, shape: [1, text.keyHeads, 'room', text.headSize] }],
  });
  graph.output(cacheRoomNames.grown, concat(graph, [cache, empty], 2, 'grown'));
  return graph;
}
