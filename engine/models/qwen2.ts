import { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-builder.ts';
import { rmsNormalization, skipRmsNormalization } from '../graph/fused-operators.ts';
import { cast, columnAsRow, concat, elementwise, gemm, slice, split } from '../graph/operators.ts';
import { cacheAttention, cacheInputs } from './cache-attention.ts';
import type { LayerAttended } from './cache-attention.ts';
import { layerPrefix, layerProduct, normScale, partsOf } from './decoder-layers.ts';
import type { CachePlace } from './decoder-layers.ts';
import { deviceAttention, deviceInputs } from './device-attention.ts';
import { feedForward } from './feed-forward.ts';
import { decoderNames } from './graph-names.ts';
import type { LinearRequest } from './linear-request.ts';
import { plainDeviceAttention, plainDeviceInputs } from './plain-device-attention.ts';
import type { ModelDimensions } from './spec.ts';
import type { AttentionKind, ComputeType, WeightFormat, WeightStore } from './weight-store.ts';

type Text = ModelDimensions['text'];

/**
 * Qwen2's decoder (transformers' `modeling_qwen2.py`), and Llama's, which is that without biases: input embeddings to the logits of the last row.
 * The same graph serves the prompt, in pieces of any length, and the answer, one token at a time.
 */
export async function buildDecoder(
  store: WeightStore, dimensions: ModelDimensions, place: CachePlace, compute: ComputeType, kind: AttentionKind = 'fused',
): Promise<GraphBuilder> {
  const { text } = dimensions;
  const graph = new GraphBuilder(`decoder_${place}`, 'Qwen2 decoder: input embeddings to the logits of the last row', { tellsShapes: place === 'device' && kind === 'fused' });
  const table = place === 'device' && kind === 'fused' && holdsEmbeddings(text, store.format) ? await outputLayer(store, graph, text, compute) : undefined;
  const given = graph.input(decoderNames.embeddings, compute, [table === undefined ? 'rows' : 'given', text.hidden]);
  const embeddings = table === undefined ? given : concat(graph, [given, tokenRow(graph, table)], 0, 'rows');
  const attend = await attentionFor(store, graph, place, kind, text, compute);

  const queries: Value[] = [];
  let sum = embeddings;
  let normalized = rmsNormalization(graph, sum, await normScale(store, graph, 0, 'input_layernorm', text, compute), text.rmsNormEpsilon);
  for (let layer = 0; layer < text.layers; layer += 1) {
    const attention = attend(layer, await project(store, graph, normalized, layer, text, compute, place));
    queries.push(attention.query);
    let { attended } = attention;
    if (layer + 1 === text.layers) [attended, sum] = [lastRow(graph, attended), lastRow(graph, sum)];
    const output = await store.linear(graph, compute, attended, {
      ...layerProduct(layer, 'self_attn.o_proj', text.heads * text.headSize, text.hidden), ...cut(place, text.heads * text.headSize),
    });
    const between = await feedForward(store, graph, output, sum, layer, text, compute, place);
    if (layer + 1 === text.layers) {
      sum = elementwise(graph, 'Add', between.sum, between.transformed);
    } else {
      const after = skipRmsNormalization(graph, between.transformed, between.sum,
        await normScale(store, graph, layer + 1, 'input_layernorm', text, compute), text.rmsNormEpsilon);
      ({ normalized, sum } = after);
    }
  }
  const scale = await store.tensor(graph, compute, 'model.norm.weight', [text.hidden]);
  const last = rmsNormalization(graph, sum, scale, text.rmsNormEpsilon);
  graph.output(decoderNames.logits, cast(graph, await head(store, graph, last, text, compute, place, table), 'float32'));
  queries.forEach((query, layer) => { graph.output(decoderNames.query(layer), query); });
  return graph;
}

/** Takes a layer's queries, keys and values side by side; `query` is what the probe graph takes, the queries first in it. */
type Attend = (layer: number, packed: Value) => { readonly query: Value; readonly attended: Value };

/** Declares what the kind of cache needs and says how a layer attends; its new keys and values leave the graph. */
async function attentionFor(
  store: WeightStore, graph: GraphBuilder, place: CachePlace, kind: AttentionKind, text: Text, compute: ComputeType,
): Promise<Attend> {
  const leave = ({ attended, newKey, newValue }: LayerAttended, layer: number): Value => {
    graph.output(decoderNames.newKey(layer), newKey);
    graph.output(decoderNames.newValue(layer), newValue);
    return attended;
  };
  if (place === 'device' && kind === 'fused') {
    const attend = deviceAttention(graph, text, await deviceInputs(graph, store, text, compute));
    return (layer, packed) => ({ query: packed, attended: leave(attend(layer, packed), layer) });
  }
  const attend = place === 'host'
    ? cacheAttention(graph, text, cacheInputs(graph, text, compute))
    : plainDeviceAttention(graph, text, plainDeviceInputs(graph, text, compute));
  const [queryChannels, keyChannels] = [text.heads * text.headSize, text.keyHeads * text.headSize];
  return (layer, packed) => {
    const [query, key, value] = split(graph, packed, [queryChannels, keyChannels, keyChannels]) as [Value, Value, Value];
    return { query, attended: leave(attend(layer, query, key, value), layer) };
  };
}

/** Queries, keys and values in one product, not rotated yet. */
async function project(
  store: WeightStore, graph: GraphBuilder, rows: Value, layer: number, text: Text, compute: ComputeType, place: CachePlace,
): Promise<Value> {
  const queryChannels = text.heads * text.headSize;
  const keyChannels = text.keyHeads * text.headSize;
  const part = (name: string, tensorRows: number) => ({
    weight: `${layerPrefix(layer)}self_attn.${name}.weight`, tensorRows, ...(text.unbiased !== true && { bias: `${layerPrefix(layer)}self_attn.${name}.bias` }),
  });
  return await store.linear(graph, compute, rows, {
    key: `decoder.${String(layer)}.qkv`,
    parts: [part('q_proj', queryChannels), part('k_proj', keyChannels), part('v_proj', keyChannels)],
    inputs: text.hidden,
    quantize: 'format',
    ...cut(place, text.hidden),
  });
}

function cut(place: CachePlace, inputs: number): { readonly inputParts?: number } {
  return place === 'device' ? { inputParts: partsOf(inputs) } : {};
}

/** Whether a device's decoder has the rows of all tokens, in its output layer: then it can be told which one comes next. */
export function holdsEmbeddings({ tiedEmbeddings }: Pick<Text, 'tiedEmbeddings'>, format: WeightFormat): boolean {
  return tiedEmbeddings && (format === 'float32' || format === 'float16');
}

/** The row of the token that the host names, or none: [tokens, hidden]. Feeding the row itself costs a device a millisecond and more. */
function tokenRow(graph: GraphBuilder, table: Value): Value {
  const [start, end] = [graph.input(decoderNames.tokenStart, 'int64', [1]), graph.input(decoderNames.tokenEnd, 'int64', [1])];
  return columnAsRow(graph, table, start, end, 'tokens');
}

/**
 * Logits of one row. Where the weight is the embedding table, the host takes that as it is, [vocabulary, hidden]. A device
 * has it turned round, as other weights are: WebGPU makes the product with that in a fifth of the time.
 */
async function head(store: WeightStore, graph: GraphBuilder, row: Value, text: Text, compute: ComputeType, place: CachePlace, table: Value | undefined): Promise<Value> {
  const request = headRequest(text);
  if (store.quantizes(request)) return await store.linear(graph, compute, row, request);
  if (place === 'device' || !text.tiedEmbeddings) return gemm(graph, row, table ?? await outputLayer(store, graph, text, compute));
  return gemm(graph, row, await store.tensor(graph, compute, headName(text), [text.vocabulary, text.hidden]), undefined, true);
}

/** [hidden, vocabulary] */
async function outputLayer(store: WeightStore, graph: GraphBuilder, text: Text, compute: ComputeType): Promise<Value> {
  return await store.weight(graph, compute, headRequest(text));
}

function headRequest(text: Text): LinearRequest {
  return { key: 'decoder.head', parts: [{ weight: headName(text), tensorRows: text.vocabulary }], inputs: text.hidden, quantize: 'eight' };
}

function headName({ tiedEmbeddings }: Text): string {
  return tiedEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
}

function lastRow(graph: GraphBuilder, rows: Value): Value {
  return slice(graph, rows, 0, -1, Number.MAX_SAFE_INTEGER, 1);
}
