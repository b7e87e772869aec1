import { fusedMatMul, multiHeadAttention } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { matMul, reshape, softmax, transpose } from '../graph/operators.ts';
import type { AttentionKind } from './weight-store.ts';

/**
 * Attention of every query to every key, without a mask.
 * query [batch, queries, heads · headSize], key and value [batch, keys, heads · headSize].
 */
export function attendAll(graph: GraphBuilder, kind: AttentionKind, query: Value, key: Value, value: Value, heads: number): Value {
  if (kind === 'fused') return multiHeadAttention(graph, query, key, value, heads);
  const channels = query.shape[2] as number;
  const headSize = channels / heads;
  const byHead = (rows: Value) => transpose(graph,
    reshape(graph, rows, [0, -1, heads, headSize], [dimension(rows, 0), dimension(rows, 1), heads, headSize]), [0, 2, 1, 3]);
  const keys = dimension(key, 1);
  const scores = fusedMatMul(graph, byHead(query), byHead(key), keys, { transposeRight: true, scale: 1 / Math.sqrt(headSize) });
  const attended = matMul(graph, softmax(graph, scores), byHead(value), [dimension(query, 0), heads, dimension(query, 1), headSize]);
  return reshape(graph, transpose(graph, attended, [0, 2, 1, 3]), [0, -1, channels], query.shape);
}

function dimension(value: Value, axis: number): number | string {
  return value.shape[axis] ?? 'open';
}
