import { rotaryEmbedding } from '../graph/fused-operators.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-builder.ts';
import { elementwise, matMul, reshape, slice, softmax, transpose } from '../graph/operators.ts';
import { scaledScores } from './attention.ts';
import { probeNames, rotaryNames, shareNames } from './graph-names.ts';
import type { CachePlace } from './decoder-layers.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType } from './weight-store.ts';

/**
 * How much of their cross-attention some query rows give to each memory token: a weighted mean over rows and a mean
 * over heads, for any block (it has no weights of its own). The scores of these rows are materialised, so the runtime
 * hands in few rows at a time.
 */
export function buildShares(dimensions: ModelDimensions, compute: ComputeType): GraphBuilder {
  const { heads, keyHeads, headSize } = dimensions.text;
  const group = heads / keyHeads;
  const graph = new GraphBuilder('attention_shares', 'Cross-attention of some rows, as a share of each memory token');
  const queries = graph.input(shareNames.queries, compute, [1, 'rows', heads * headSize]);
  const rowWeights = graph.input(shareNames.rowWeights, compute, ['rows']);
  const keys = graph.input(shareNames.keys, compute, [1, 'tokens', keyHeads * headSize]);

  // Folded order (NOTE folded heads): [rows, group, K, d] → [K, rows · group, d].
  const split = reshape(graph, queries, [-1, keyHeads, headSize], ['queries', keyHeads, headSize]);
  const byHead = transpose(graph, split, [1, 0, 2]);
  const keyRows = reshape(graph, keys, [-1, keyHeads, headSize], ['tokens', keyHeads, headSize]);
  const probabilities = attend(graph, byHead, transpose(graph, keyRows, [1, 0, 2])); // [K, queries, tokens]
  const perQuery = repeated(graph, rowWeights, group, heads); // [1, queries]
  const weighted = matMul(graph, perQuery, probabilities, [keyHeads, 1, 'tokens']);
  graph.output(shareNames.shares, sumAll(graph, weighted));
  return graph;
}

/**
 * How much of their attention decoder rows give to each row of the cache: mean over rows and heads of one layer. The
 * rows are the cache's newest; what they could not see because it came later is not masked, so the runtime uses it only
 * for rows near the end and reads only the shares of the video.
 */
export function buildProbe(dimensions: ModelDimensions, place: CachePlace, compute: ComputeType): GraphBuilder {
  const { heads, keyHeads, headSize } = dimensions.text;
  const group = heads / keyHeads;
  const graph = new GraphBuilder(`decoder_probe_${place}`, 'Attention of decoder rows to the cache');
  const given = graph.input(probeNames.queries, compute, ['rows', 'channels']);
  const queries = slice(graph, given, 1, 0, heads * headSize, heads * headSize);
  const cosine = graph.input(rotaryNames.cosine, compute, ['rows', headSize / 2]);
  const sine = graph.input(rotaryNames.sine, compute, ['rows', headSize / 2]);
  const keys = place === 'host'
    ? graph.input(probeNames.keys, compute, ['past', keyHeads, headSize])
    : firstKeys(graph, graph.input(probeNames.keys, compute, [1, keyHeads, 'capacity', headSize]));

  const sequence = reshape(graph, queries, [1, -1, heads * headSize], [1, 'rows', heads * headSize]);
  const firstRow = graph.constant('first_row', 'int64', [1], new Uint8Array(8));
  const rotated = rotaryEmbedding(graph, sequence, firstRow, cosine, sine, heads, headSize);
  const grouped = reshape(graph, rotated, [-1, keyHeads, group, headSize], ['rows', keyHeads, group, headSize]);
  const byHead = reshape(graph, transpose(graph, grouped, [1, 0, 2, 3]), [keyHeads, -1, headSize], [keyHeads, 'queries', headSize]);
  const keysByHead = place === 'host'
    ? transpose(graph, keys, [1, 0, 2])
    : reshape(graph, keys, [keyHeads, -1, headSize], [keyHeads, 'past', headSize]);
  const probabilities = attend(graph, byHead, keysByHead);
  graph.output(probeNames.shares, graph.node({
    operator: 'ReduceMean',
    inputs: [probabilities, graph.constant('axes', 'int64', [2], new Uint8Array(BigInt64Array.from([0n, 1n]).buffer))],
    outputs: [{ type: compute, shape: ['past'] }],
    attributes: { keepdims: { kind: 'int', value: 0 } },
  }));
  return graph;
}

function attend(graph: GraphBuilder, queries: Value, keys: Value): Value {
  const size = keys.shape[1] ?? 'tokens';
  return softmax(graph, scaledScores(graph, queries, keys, size));
}

/** Of a cache with room for more, the rows that hold keys. */
function firstKeys(graph: GraphBuilder, cache: Value): Value {
  const bound = (name: string, value: bigint) => graph.constant(name, 'int64', [1], new Uint8Array(BigInt64Array.of(value).buffer));
  return graph.node({
    operator: 'Slice',
    inputs: [cache, bound('first_key', 0n), graph.input(probeNames.length, 'int64', [1]), bound('key_axis', 2n)],
    outputs: [{ type: cache.type, shape: cache.shape.map((size, axis) => axis === 2 ? 'past' : size) }],
  });
}

/** Row weights [rows] → one a folded query, [1, rows · group], divided by the number of heads. */
function repeated(graph: GraphBuilder, rowWeights: Value, group: number, heads: number): Value {
  const column = reshape(graph, rowWeights, [-1, 1], ['rows', 1]);
  const ones = (rowWeights.type === 'float32' ? new Float32Array(group) : new Float16Array(group)).fill(1 / heads);
  const perMember = graph.constant('per_member', rowWeights.type, [1, group], new Uint8Array(ones.buffer));
  const product = elementwise(graph, 'Mul', { ...column, shape: ['rows', group] }, perMember);
  return reshape(graph, product, [1, -1], [1, 'queries']);
}

function sumAll(graph: GraphBuilder, weighted: Value): Value {
  return graph.node({
    operator: 'ReduceSum',
    inputs: [weighted, graph.constant('axes', 'int64', [2], new Uint8Array(BigInt64Array.from([0n, 1n]).buffer))],
    outputs: [{ type: weighted.type, shape: ['tokens'] }],
    attributes: { keepdims: { kind: 'int', value: 0 } },
  });
}
