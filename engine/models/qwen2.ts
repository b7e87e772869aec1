import { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-builder.ts';
import { rmsNormalization, skipRmsNormalization } from '../graph/fused-operators.ts';
import { cast, elementwise, gemm, slice, split } from '../graph/operators.ts';
import { cacheAttention, cacheInputs } from './cache-attention.ts';
import type { LayerAttended } from './cache-attention.ts';
import { layerPrefix, layerProduct, normScale } from './decoder-layers.ts';
import type { CachePlace } from './decoder-layers.ts';
import { deviceAttention, deviceInputs } from './device-attention.ts';
import { feedForward } from './feed-forward.ts';
import { decoderNames } from './graph-names.ts';
import { plainDeviceAttention, plainDeviceInputs } from './plain-device-attention.ts';
import type { ModelDimensions } from './spec.ts';
import type { AttentionKind, ComputeType, WeightStore } from './weight-store.ts';

type Text = ModelDimensions['text'];

/**
 * Qwen2's decoder (transformers' `modeling_qwen2.py`): input embeddings to the logits of the last row.
 * The same graph serves the prompt, in pieces of any length, and the answer, one token at a time.
 */
export async function buildDecoder(
  store: WeightStore, dimensions: ModelDimensions, place: CachePlace, compute: ComputeType, kind: AttentionKind = 'fused',
): Promise<GraphBuilder> {
  const { text } = dimensions;
  const graph = new GraphBuilder(`decoder_${place}`, 'Qwen2 decoder: input embeddings to the logits of the last row');
  const embeddings = graph.input(decoderNames.embeddings, compute, ['rows', text.hidden]);
  const attend = await attentionFor(store, graph, place, kind, text, compute);

  const queries: Value[] = [];
  let sum = embeddings;
  let normalized = rmsNormalization(graph, sum, await normScale(store, graph, 0, 'input_layernorm', text, compute), text.rmsNormEpsilon);
  for (let layer = 0; layer < text.layers; layer += 1) {
    const attention = attend(layer, await project(store, graph, normalized, layer, text, compute));
    queries.push(attention.query);
    let { attended } = attention;
    if (layer + 1 === text.layers) [attended, sum] = [lastRow(graph, attended), lastRow(graph, sum)];
    const output = await store.linear(graph, compute, attended, layerProduct(layer, 'self_attn.o_proj', text.heads * text.headSize, text.hidden));
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
  graph.output(decoderNames.logits, cast(graph, await head(store, graph, last, text, compute), 'float32'));
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
  store: WeightStore, graph: GraphBuilder, rows: Value, layer: number, text: Text, compute: ComputeType,
): Promise<Value> {
  const queryChannels = text.heads * text.headSize;
  const keyChannels = text.keyHeads * text.headSize;
  const part = (name: string, tensorRows: number) => ({
    weight: `${layerPrefix(layer)}self_attn.${name}.weight`, bias: `${layerPrefix(layer)}self_attn.${name}.bias`, tensorRows,
  });
  return await store.linear(graph, compute, rows, {
    key: `decoder.${String(layer)}.qkv`,
    parts: [part('q_proj', queryChannels), part('k_proj', keyChannels), part('v_proj', keyChannels)],
    inputs: text.hidden,
    quantize: 'format',
  });
}

/** The output layer; with tied embeddings the embedding table itself, [vocabulary, hidden]. */
async function head(store: WeightStore, graph: GraphBuilder, row: Value, text: Text, compute: ComputeType): Promise<Value> {
  const name = text.tiedEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
  if (store.format === 'int8' || store.format === 'int4') {
    return await store.linear(graph, compute, row, {
      key: 'decoder.head', parts: [{ weight: name, tensorRows: text.vocabulary }], inputs: text.hidden, quantize: 'eight',
    });
  }
  const weight = await store.tensor(graph, compute, name, [text.vocabulary, text.hidden]);
  return gemm(graph, row, weight, undefined, true);
}

function lastRow(graph: GraphBuilder, rows: Value): Value {
  return slice(graph, rows, 0, -1, Number.MAX_SAFE_INTEGER, 1);
}
