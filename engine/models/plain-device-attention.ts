import { rotaryEmbedding } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { concat, elementwise, matMul, reshape, softmax, transpose } from '../graph/operators.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { scaledScores } from './attention.ts';
import type { LayerAttended, LayerAttention } from './cache-attention.ts';
import { decoderNames, rotaryNames } from './graph-names.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType } from './weight-store.ts';

type Text = ModelDimensions['text'];

/** The cache on a device whose fused attention cannot be trusted: concatenation, matrix products, softmax. */
export type PlainDeviceInputs = {
  /** [group · rows, past + rows] */
  readonly mask: Value;
  readonly firstRow: Value;
  readonly cosine: Value; // [rows, headSize / 2]
  readonly sine: Value;
  readonly past: readonly { readonly key: Value; readonly value: Value }[]; // [1, K, past, d]
};

/** Declares the inputs; `past` holds at least one row, masked while the cache is empty. */
export function plainDeviceInputs(graph: GraphBuilder, text: Text, compute: ComputeType): PlainDeviceInputs {
  const pastShape = [1, text.keyHeads, 'past', text.headSize] as const;
  const mask = graph.input(decoderNames.mask, compute, ['rows', 'total']);
  const group = text.heads / text.keyHeads;
  return {
    mask: group === 1 ? mask : concat(graph, Array.from({ length: group }, () => mask), 0, 'queries'),
    firstRow: graph.constant('first_row', 'int64', [1], new Uint8Array(8)),
    cosine: graph.input(rotaryNames.cosine, compute, ['rows', text.headSize / 2]),
    sine: graph.input(rotaryNames.sine, compute, ['rows', text.headSize / 2]),
    past: Array.from({ length: text.layers }, (_, layer) => ({
      key: graph.input(decoderNames.pastKey(layer), compute, pastShape),
      value: graph.input(decoderNames.pastValue(layer), compute, pastShape),
    })),
  };
}

/** As `deviceAttention`; the new keys and values are the whole cache, [1, K, total, d]. */
export function plainDeviceAttention(graph: GraphBuilder, text: Text, inputs: PlainDeviceInputs): LayerAttention {
  return (layer, query, key, value) => attendLayer(graph, text, inputs, layer, query, key, value);
}

function attendLayer(
  graph: GraphBuilder, text: Text, inputs: PlainDeviceInputs, layer: number, query: Value, key: Value, value: Value,
): LayerAttended {
  const { heads, keyHeads, headSize } = text;
  const group = heads / keyHeads;
  const past = inputs.past[layer];
  if (past === undefined) throw new LongtakeError('internal', `The decoder has no cache for layer ${String(layer)}.`);
  const sequence = (rows: Value, count: number) => reshape(graph, rows, [1, -1, count * headSize], [1, 'rows', count * headSize]);
  const rotate = (rows: Value, count: number) =>
    rotaryEmbedding(graph, sequence(rows, count), inputs.firstRow, inputs.cosine, inputs.sine, count, headSize);
  // [1, rows, K·d] → [1, K, rows, d]
  const byHead = (rows: Value) => transpose(graph,
    reshape(graph, rows, [1, -1, keyHeads, headSize], [1, 'rows', keyHeads, headSize]), [0, 2, 1, 3]);
  const newKey = concat(graph, [past.key, byHead(rotate(key, keyHeads))], 2, 'total');
  const newValue = concat(graph, [past.value, byHead(sequence(value, keyHeads))], 2, 'total');

  // [rows, K, group, d] → [1, K, group · rows, d]
  const grouped = reshape(graph, rotate(query, heads), [-1, keyHeads, group, headSize], ['rows', keyHeads, group, headSize]);
  const queries = reshape(graph, transpose(graph, grouped, [1, 2, 0, 3]), [1, keyHeads, -1, headSize], [1, keyHeads, 'queries', headSize]);
  const scores = scaledScores(graph, queries, newKey, 'total');
  const probabilities = softmax(graph, elementwise(graph, 'Add', scores, inputs.mask));
  const attended = matMul(graph, probabilities, newValue, [1, keyHeads, 'queries', headSize]);
  const ungrouped = reshape(graph, attended, [keyHeads, group, -1, headSize], [keyHeads, group, 'rows', headSize]);
  const rows = reshape(graph, transpose(graph, ungrouped, [2, 0, 1, 3]), [-1, heads * headSize], ['rows', heads * headSize]);
  return { attended: rows, newKey, newValue };
}
