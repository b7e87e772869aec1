import { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-builder.ts';
import { rmsNormalization, silu, skipRmsNormalization } from '../graph/fused-operators.ts';
import { cast, elementwise, gemm, slice, split } from '../graph/operators.ts';
import { cacheAttention, cacheInputs } from './cache-attention.ts';
import { deviceAttention, deviceInputs } from './device-attention.ts';
import { decoderNames } from './graph-names.ts';
import { plainDeviceAttention, plainDeviceInputs } from './plain-device-attention.ts';
import type { ModelDimensions } from './spec.ts';
import type { AttentionKind, ComputeType, WeightStore } from './weight-store.ts';

type Text = ModelDimensions['text'];

/**
 * Where keys and values live between runs. `host`: in JavaScript's memory, fed without a copy, each run returning only
 * its own rows. `device`: in tensors that never leave the accelerator, each run returning the grown cache.
 */
export type CachePlace = 'host' | 'device';

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
  const attention = await attentionFor(store, graph, place, kind, text, compute);

  const queries: Value[] = [];
  let sum = embeddings;
  let normalized = rmsNormalization(graph, sum, await normScale(store, graph, 0, 'input_layernorm', text, compute), text.rmsNormEpsilon);
  for (let layer = 0; layer < text.layers; layer += 1) {
    const { query, key, value } = await project(store, graph, normalized, layer, text, compute);
    queries.push(query);
    const attended = attention(layer, query, key, value);
    const output = await linear(store, graph, attended, layer, 'self_attn.o_proj', text.heads * text.headSize, text.hidden, compute);
    const between = skipRmsNormalization(graph, output, sum,
      await normScale(store, graph, layer, 'post_attention_layernorm', text, compute), text.rmsNormEpsilon);
    const transformed = await feedForward(store, graph, between.normalized, layer, text, compute);
    if (layer + 1 === text.layers) {
      sum = elementwise(graph, 'Add', lastRow(graph, between.sum), lastRow(graph, transformed));
    } else {
      const after = skipRmsNormalization(graph, transformed, between.sum,
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

type Attend = (layer: number, query: Value, key: Value, value: Value) => Value;

/** Declares what the kind of cache needs and says how a layer attends; its new keys and values leave the graph. */
async function attentionFor(
  store: WeightStore, graph: GraphBuilder, place: CachePlace, kind: AttentionKind, text: Text, compute: ComputeType,
): Promise<Attend> {
  const attend = place === 'host'
    ? cacheAttention(graph, text, cacheInputs(graph, text, compute))
    : kind === 'plain'
      ? plainDeviceAttention(graph, text, plainDeviceInputs(graph, text, compute))
      : deviceAttention(graph, text, await deviceInputs(graph, store, text, compute));
  return (layer, query, key, value) => {
    const { attended, newKey, newValue } = attend(layer, query, key, value);
    graph.output(decoderNames.newKey(layer), newKey);
    graph.output(decoderNames.newValue(layer), newValue);
    return attended;
  };
}

/** Queries, keys and values in one product, not rotated yet. */
async function project(
  store: WeightStore, graph: GraphBuilder, rows: Value, layer: number, text: Text, compute: ComputeType,
): Promise<{ query: Value; key: Value; value: Value }> {
  const queryChannels = text.heads * text.headSize;
  const keyChannels = text.keyHeads * text.headSize;
  const part = (name: string, tensorRows: number) => ({
    weight: `${layerPrefix(layer)}self_attn.${name}.weight`, bias: `${layerPrefix(layer)}self_attn.${name}.bias`, tensorRows,
  });
  const joined = await store.linear(graph, compute, rows, {
    key: `decoder.${String(layer)}.qkv`,
    parts: [part('q_proj', queryChannels), part('k_proj', keyChannels), part('v_proj', keyChannels)],
    inputs: text.hidden,
    quantize: 'format',
  });
  const [query, key, value] = split(graph, joined, [queryChannels, keyChannels, keyChannels]);
  return { query: query as Value, key: key as Value, value: value as Value };
}

/** `down(silu(gate(x)) · up(x))`, gate and up in one product. */
async function feedForward(
  store: WeightStore, graph: GraphBuilder, rows: Value, layer: number, text: Text, compute: ComputeType,
): Promise<Value> {
  const prefix = `${layerPrefix(layer)}mlp.`;
  const joined = await store.linear(graph, compute, rows, {
    key: `decoder.${String(layer)}.gate_up`,
    parts: [
      { weight: `${prefix}gate_proj.weight`, tensorRows: text.intermediate },
      { weight: `${prefix}up_proj.weight`, tensorRows: text.intermediate },
    ],
    inputs: text.hidden,
    quantize: 'format',
  });
  const [gate, up] = split(graph, joined, [text.intermediate, text.intermediate]);
  const product = elementwise(graph, 'Mul', silu(graph, gate as Value), up as Value);
  return await linear(store, graph, product, layer, 'mlp.down_proj', text.intermediate, text.hidden, compute);
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

async function linear(
  store: WeightStore, graph: GraphBuilder, rows: Value, layer: number, name: string,
  inputs: number, outputs: number, compute: ComputeType,
): Promise<Value> {
  return await store.linear(graph, compute, rows, {
    key: `decoder.${String(layer)}.${name}`,
    parts: [{ weight: `${layerPrefix(layer)}${name}.weight`, tensorRows: outputs }],
    inputs,
    quantize: 'format',
  });
}

async function normScale(
  store: WeightStore, graph: GraphBuilder, layer: number, name: string, text: Text, compute: ComputeType,
): Promise<Value> {
  return await store.tensor(graph, compute, `${layerPrefix(layer)}${name}.weight`, [text.hidden]);
}

function lastRow(graph: GraphBuilder, rows: Value): Value {
  return slice(graph, rows, 0, -1, Number.MAX_SAFE_INTEGER, 1);
}

function layerPrefix(layer: number): string {
  return `model.layers.${String(layer)}.`;
}
