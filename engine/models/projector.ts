import { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-builder.ts';
import { concat, dimensionOf, gatherRows, gelu, reshape } from '../graph/operators.ts';
import { projectorNames } from './graph-names.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType, WeightStore } from './weight-store.ts';

/**
 * Pooled features to memory tokens: the two-layer projector ("mlp2x_gelu"), the learned newline after each frame
 * (`mm_newline_position: grid`, which in Hour-LLaVA means one a frame), and a selection of the rows.
 */
export async function buildProjector(store: WeightStore, dimensions: ModelDimensions, compute: ComputeType): Promise<GraphBuilder> {
  const { vision, text, tokensPerFrame } = dimensions;
  const graph = new GraphBuilder('projector', 'Pooled features to memory tokens');
  const features = graph.input(projectorNames.features, compute, ['frames', tokensPerFrame, vision.channels]);
  const indices = graph.input(projectorNames.tokenIndices, 'int64', ['tokens']);

  const rows = reshape(graph, features, [-1, vision.channels], ['rows', vision.channels]);
  const projected = await project(store, graph, rows, dimensions, compute);
  const grouped = reshape(graph, projected, [-1, tokensPerFrame, text.hidden], ['frames', tokensPerFrame, text.hidden]);
  graph.output(projectorNames.tokens, await selected(store, graph, grouped, indices, dimensions, compute));
  return graph;
}

/** The same of features that were projected before they were pooled: newlines and the selection are all that is left. */
export async function buildTokenReader(store: WeightStore, dimensions: ModelDimensions, compute: ComputeType): Promise<GraphBuilder> {
  const graph = new GraphBuilder('projector', 'Projected features to memory tokens');
  const features = graph.input(projectorNames.features, compute, ['frames', dimensions.tokensPerFrame, dimensions.text.hidden]);
  const indices = graph.input(projectorNames.tokenIndices, 'int64', ['tokens']);
  graph.output(projectorNames.tokens, await selected(store, graph, features, indices, dimensions, compute));
  return graph;
}

/** The projector's two layers: rows [rows, channels] of the tower to [rows, hidden]. */
export async function project(store: WeightStore, graph: GraphBuilder, rows: Value, { vision, text }: ModelDimensions, compute: ComputeType): Promise<Value> {
  const wide = gelu(graph, await layer(store, graph, rows, 0, vision.channels, text.hidden, compute), 'none');
  return await layer(store, graph, wide, 2, text.hidden, text.hidden, compute);
}

/** Tokens [frames, tokensPerFrame, hidden] with a newline behind each frame, and of those the rows asked for. */
async function selected(
  store: WeightStore, graph: GraphBuilder, grouped: Value, indices: Value, dimensions: ModelDimensions, compute: ComputeType,
): Promise<Value> {
  const { text, tokensPerFrame } = dimensions;
  const newlines = await newlinePerFrame(store, graph, grouped, dimensions, compute);
  const withNewlines = concat(graph, [grouped, newlines], 1, tokensPerFrame + 1);
  return gatherRows(graph, reshape(graph, withNewlines, [-1, text.hidden], ['all_tokens', text.hidden]), indices);
}

async function layer(
  store: WeightStore, graph: GraphBuilder, input: Value, index: number, inputs: number, outputs: number, compute: ComputeType,
): Promise<Value> {
  const name = `model.mm_projector.${String(index)}`;
  return await store.linear(graph, compute, input, {
    key: `projector.${String(index)}`,
    parts: [{ weight: `${name}.weight`, bias: `${name}.bias`, tensorRows: outputs }],
    inputs,
    quantize: 'never',
  });
}

/** `image_newline` once a frame, or in LongVILA the text's line break, [frames, 1, hidden]. */
async function newlinePerFrame(
  store: WeightStore, graph: GraphBuilder, features: Value, { text, uniform }: ModelDimensions, compute: ComputeType,
): Promise<Value> {
  const { hidden, vocabulary, newlineId } = text;
  const newline = uniform?.downsampled === undefined ? await store.tensor(graph, compute, 'model.image_newline', [hidden])
    : await store.derived(graph, compute, 'line_break', [hidden], () => store.row('model.embed_tokens.weight', [vocabulary, hidden], newlineId));
  const frames = dimensionOf(graph, features, 0);
  const rest = graph.constant('newline_shape', 'int64', [2], new Uint8Array(BigInt64Array.from([1n, BigInt(hidden)]).buffer));
  const shape = concat(graph, [frames, rest], 0, 3);
  return graph.node({ operator: 'Expand', inputs: [newline, shape], outputs: [{ type: compute, shape: ['frames', 1, hidden] }] });
}
