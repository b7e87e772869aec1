import { fusedMatMul, rotaryEmbedding } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { concat, dimensionOf, elementwise, reshape, softmax, splitAt, transpose } from '../graph/operators.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { decoderNames, rotaryNames } from './graph-names.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType } from './weight-store.ts';

type Text = ModelDimensions['text'];

/**
 * NOTE host cache. ONNX Runtime's Node binding takes inputs without a copy but copies every output into a new buffer,
 * also one that was handed in: GroupQueryAttention would cost the whole cache at every token. So the cache is an input
 * that grows outside, [past, key heads, channels], read by stride at exactly its length, and a run returns its new rows.
 */
export type CacheInputs = {
  /** [group · rows, past + rows]: the mask once for every member of a group. */
  readonly mask: Value;
  /** int64 [2]: past, rows. */
  readonly lengths: Value;
  readonly firstRow: Value;
  readonly cosine: Value; // [rows, headSize / 2]
  readonly sine: Value;
  readonly past: readonly { readonly key: Value; readonly value: Value }[];
};

/** Declares the inputs; `past` must hold at least one row, masked while the cache is empty. */
export function cacheInputs(graph: GraphBuilder, text: Text, compute: ComputeType): CacheInputs {
  const pastShape = ['past', text.keyHeads, text.headSize] as const;
  const mask = graph.input(decoderNames.mask, compute, ['rows', 'total']);
  const past = Array.from({ length: text.layers }, (_, layer) => ({
    key: graph.input(decoderNames.pastKey(layer), compute, pastShape),
    value: graph.input(decoderNames.pastValue(layer), compute, pastShape),
  }));
  const [first] = past;
  if (first === undefined) throw new LongtakeError('internal', 'A decoder without layers.');
  const group = text.heads / text.keyHeads;
  return {
    mask: group === 1 ? mask : concat(graph, Array.from({ length: group }, () => mask), 0, 'queries'),
    lengths: concat(graph, [dimensionOf(graph, first.key, 0), dimensionOf(graph, mask, 0)], 0, 2),
    firstRow: graph.constant('first_row', 'int64', [1], new Uint8Array(8)),
    cosine: graph.input(rotaryNames.cosine, compute, ['rows', text.headSize / 2]),
    sine: graph.input(rotaryNames.sine, compute, ['rows', text.headSize / 2]),
    past,
  };
}

/** How one layer of the decoder attends: query [rows, H·d], key and value [rows, K·d], none of them rotated. */
export type LayerAttention = (layer: number, query: Value, key: Value, value: Value) => LayerAttended;
export type LayerAttended = { readonly attended: Value; readonly newKey: Value; readonly newValue: Value };

/** Causal attention of new rows to the cache and to themselves; the new keys and values are theirs, [rows, K, d]. */
export function cacheAttention(graph: GraphBuilder, text: Text, inputs: CacheInputs): LayerAttention {
  return (layer, query, key, value) => attendLayer(graph, text, inputs, layer, query, key, value);
}

function attendLayer(
  graph: GraphBuilder, text: Text, inputs: CacheInputs, layer: number, query: Value, key: Value, value: Value,
): LayerAttended {
  const { heads, keyHeads, headSize } = text;
  const group = heads / keyHeads;
  const past = inputs.past[layer];
  if (past === undefined) throw new LongtakeError('internal', `The decoder has no cache for layer ${String(layer)}.`);

  const newKey = byHead(graph, rotate(graph, inputs, key, keyHeads, text), keyHeads, headSize);
  const newValue = byHead(graph, value, keyHeads, headSize);
  // [rows, K, group, d] → [K, group · rows, d]
  const rotated = rotate(graph, inputs, query, heads, text);
  const grouped = reshape(graph, rotated, [-1, keyHeads, group, headSize], ['rows', keyHeads, group, headSize]);
  const queries = reshape(graph, transpose(graph, grouped, [1, 2, 0, 3]), [keyHeads, -1, headSize], [keyHeads, 'queries', headSize]);

  const scale = 1 / Math.sqrt(headSize);
  const pastScores = fusedMatMul(graph, queries, past.key, 'past', { transposeRight: true, batchSecond: true, scale });
  const newScores = fusedMatMul(graph, queries, newKey, 'rows', { transposeRight: true, batchSecond: true, scale });
  const scores = concat(graph, [pastScores, newScores], 2, 'total');
  const probabilities = softmax(graph, elementwise(graph, 'Add', scores, inputs.mask));
  const [ofPast, ofNew] = splitAt(graph, probabilities, inputs.lengths, ['past', 'rows']);
  const sum = elementwise(graph, 'Add',
    fusedMatMul(graph, ofPast, past.value, headSize, { batchSecond: true }),
    fusedMatMul(graph, ofNew, newValue, headSize, { batchSecond: true }));
  const ungrouped = reshape(graph, sum, [keyHeads, group, -1, headSize], [keyHeads, group, 'rows', headSize]);
  const attended = reshape(graph, transpose(graph, ungrouped, [2, 0, 1, 3]), [-1, heads * headSize], ['rows', heads * headSize]);
  return { attended, newKey, newValue };
}

function rotate(graph: GraphBuilder, inputs: CacheInputs, rows: Value, heads: number, text: Text): Value {
  const channels = heads * text.headSize;
  const sequence = reshape(graph, rows, [1, -1, channels], [1, 'rows', channels]);
  return rotaryEmbedding(graph, sequence, inputs.firstRow, inputs.cosine, inputs.sine, heads, text.headSize);
}

function byHead(graph: GraphBuilder, rows: Value, keyHeads: number, headSize: number): Value {
  return reshape(graph, rows, [-1, keyHeads, headSize], ['rows', keyHeads, headSize]);
}
