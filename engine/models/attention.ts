import { multiHeadAttention } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Dimension } from '../graph/onnx-messages.ts';
import { elementwise, matMul, reshape, scalar, softmax, transpose } from '../graph/operators.ts';
import type { AttentionKind, ComputeType } from './weight-store.ts';

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
  const scores = scaledScores(graph, byHead(query), byHead(key), keys);
  const attended = matMul(graph, softmax(graph, scores), byHead(value), [dimension(query, 0), heads, dimension(query, 1), headSize]);
  return reshape(graph, transpose(graph, attended, [0, 2, 1, 3]), [0, -1, channels], query.shape);
}

/** query · keyᵀ / √headSize over the last two dimensions. FusedMatMul, which is one operator, has no kernel on accelerators. */
export function scaledScores(graph: GraphBuilder, query: Value, key: Value, keys: Dimension): Value {
  const headSize = query.shape.at(-1) as number;
  const scale = scalar(graph, `scale_${query.name}`, query.type as ComputeType, 1 / Math.sqrt(headSize));
  const order = key.shape.map((_, axis) => axis);
  const turned = transpose(graph, key, [...order.slice(0, -2), order.length - 1, order.length - 2]);
  return matMul(graph, elementwise(graph, 'Mul', query, scale), turned, [...query.shape.slice(0, -1), keys]);
}

function dimension(value: Value, axis: number): number | string {
  return value.shape[axis] ?? 'open';
}
