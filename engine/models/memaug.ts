import { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-builder.ts';
import { rotaryEmbedding, skipLayerNormalization } from '../graph/fused-operators.ts';
import { cast, gelu, reshape } from '../graph/operators.ts';
import { attendAll } from './attention.ts';
import { crossMemoryNames, memaugBlockNames, queryKeysNames, rotaryNames } from './graph-names.ts';
import { foldedChannels } from './heads.ts';
import type { ModelDimensions } from './spec.ts';
import type { AttentionKind, ComputeType, WeightStore } from './weight-store.ts';

/**
 * MemAug (arXiv 2506.05332, section 3.2; `multimodal_resampler/memaug.py` of jylins/hourllava): post-norm blocks of
 * self-attention, cross-attention to the whole memory, MLP, without masks. It is cut where results can be kept:
 * - keys and values of the cross-attention depend on the memory alone and are made once (`buildCrossMemory`);
 * - given all keys and values, a block works on each query row by itself, so a run takes as many rows as fit the time
 *   between two looks at the cancel signal (`buildMemaugBlock`). It also makes its rows' self-attention keys for the
 *   next block; those of the first block come from `buildQueryKeys`.
 * What runs on our own device (runtime/device-memaug.ts) takes the weights that are stored here and none of the graphs.
 */

export const layerNormEpsilon = 1e-5;

/**
 * ONNX Runtime's attention on accelerators adds up exponentials in the type of its inputs. Those of an hour's 234,000 tokens
 * can leave the range of halves (65,504): at 61,200 tokens its error was 5 %, at 234,000 as large as its result.
 */
const sums = 'float32';

type Text = ModelDimensions['text'];

/** Only the first half of a head's channels rotates (`rotary_emb_dim = head_dim // 2`). */
export function memaugRotarySize(text: Text): number {
  return text.headSize / 2;
}

/** Under which key a block's linear layer is stored. */
export function memaugKey(block: number, part: `${'self' | 'cross'}_${'query' | 'key' | 'value' | 'output'}` | 'up' | 'down'): string {
  return `memaug.${String(block)}.${part}`;
}

/** What the names of a norm's scale and bias begin with. */
export function memaugNorm(block: number, index: 1 | 2 | 3): string {
  return `${blockPrefix(block)}norm${String(index)}.`;
}

/** Memory tokens to the rotated keys and the values of every block's cross-attention. */
export async function buildCrossMemory(store: WeightStore, dimensions: ModelDimensions, compute: ComputeType): Promise<GraphBuilder> {
  const { text, memaugDepth } = dimensions;
  const graph = new GraphBuilder('cross_memory', 'Memory tokens to keys and values of the cross-attention');
  const tokens = graph.input(crossMemoryNames.tokens, compute, ['tokens', text.hidden]);
  const rotation = rotaryInputs(graph, text, 'tokens', compute);
  const keyChannels = text.keyHeads * text.headSize;
  for (let block = 0; block < memaugDepth; block += 1) {
    const project = async (part: 'key' | 'value') => {
      const name = `${blockPrefix(block)}cross_attn.Wkv`;
      const rows = await store.linear(graph, compute, tokens, {
        key: memaugKey(block, `cross_${part}`),
        parts: [{
          weight: `${name}.weight`, bias: `${name}.bias`,
          tensorRows: 2 * keyChannels, rowStart: part === 'key' ? 0 : keyChannels, rows: keyChannels,
        }],
        inputs: text.hidden,
        quantize: 'never',
      });
      return asSequence(graph, rows, 'tokens', keyChannels);
    };
    graph.output(crossMemoryNames.key(block), rotated(graph, await project('key'), rotation, text.keyHeads, text));
    graph.output(crossMemoryNames.value(block), await project('value'));
  }
  return graph;
}

/** The first block's self-attention keys and values of query rows. */
export async function buildQueryKeys(store: WeightStore, dimensions: ModelDimensions, compute: ComputeType): Promise<GraphBuilder> {
  const { text } = dimensions;
  const graph = new GraphBuilder('memaug_keys', 'Query rows to the first block\'s self-attention keys and values');
  const rows = graph.input(queryKeysNames.rows, compute, ['rows', text.hidden]);
  const rotation = rotaryInputs(graph, text, 'rows', compute);
  const { key, value } = await selfKeys(store, graph, rows, 0, rotation, text, compute);
  graph.output(queryKeysNames.key, key);
  graph.output(queryKeysNames.value, value);
  return graph;
}

/** One block over some of the query rows. Its cross-attention is in `sums`, whatever the rest computes in. */
export async function buildMemaugBlock(
  store: WeightStore, dimensions: ModelDimensions, block: number, compute: ComputeType, attention: AttentionKind = 'fused',
): Promise<GraphBuilder> {
  const { text, memaugDepth } = dimensions;
  const keyChannels = text.keyHeads * text.headSize;
  const graph = new GraphBuilder(`memaug_block_${String(block)}`, 'Query rows through one MemAug block');
  const rows = graph.input(memaugBlockNames.rows, compute, ['rows', text.hidden]);
  const rotation = rotaryInputs(graph, text, 'rows', compute);
  const selfKey = graph.input(memaugBlockNames.selfKey, compute, [1, 'query', keyChannels]);
  const selfValue = graph.input(memaugBlockNames.selfValue, compute, [1, 'query', keyChannels]);
  const crossKey = graph.input(memaugBlockNames.crossKey, compute, [1, 'memory', keyChannels]);
  const crossValue = graph.input(memaugBlockNames.crossValue, compute, [1, 'memory', keyChannels]);

  const selfQuery = await query(store, graph, rows, block, 'self', rotation, text, compute);
  const selfAttended = attendFolded(graph, selfQuery, selfKey, selfValue, text, attention);
  const first = await postNorm(store, graph, rows, await joinHeads(store, graph, selfAttended, block, 'self', text, compute), block, 1, text, compute);

  const crossQuery = await query(store, graph, first, block, 'cross', rotation, text, compute);
  graph.output(memaugBlockNames.crossQuery, crossQuery);
  const crossAttended = cast(graph, attendFolded(graph, cast(graph, crossQuery, sums), cast(graph, crossKey, sums), cast(graph, crossValue, sums), text, attention), compute);
  const second = await postNorm(store, graph, first, await joinHeads(store, graph, crossAttended, block, 'cross', text, compute), block, 2, text, compute);

  const transformed = await feedForward(store, graph, second, block, text, compute);
  const output = await postNorm(store, graph, second, transformed, block, 3, text, compute);
  graph.output(memaugBlockNames.output, output);
  if (block + 1 < memaugDepth) {
    const next = await selfKeys(store, graph, output, block + 1, rotation, text, compute);
    graph.output(memaugBlockNames.nextKey, next.key);
    graph.output(memaugBlockNames.nextValue, next.value);
  }
  return graph;
}

type Rotation = { readonly firstRow: Value; readonly cosine: Value; readonly sine: Value };

/** Cosines and sines come from outside: positions reach 234,000 an hour, where float32 sines on a GPU are far off. */
function rotaryInputs(graph: GraphBuilder, text: Text, rows: string, compute: ComputeType): Rotation {
  const half = memaugRotarySize(text) / 2;
  return {
    firstRow: graph.constant('first_row', 'int64', [1], new Uint8Array(8)),
    cosine: graph.input(rotaryNames.cosine, compute, [rows, half]),
    sine: graph.input(rotaryNames.sine, compute, [rows, half]),
  };
}

function rotated(graph: GraphBuilder, sequence: Value, rotation: Rotation, heads: number, text: Text): Value {
  return rotaryEmbedding(graph, sequence, rotation.firstRow, rotation.cosine, rotation.sine, heads, memaugRotarySize(text));
}

function asSequence(graph: GraphBuilder, rows: Value, size: string, channels: number): Value {
  return reshape(graph, rows, [1, -1, channels], [1, size, channels]);
}

async function selfKeys(
  store: WeightStore, graph: GraphBuilder, rows: Value, block: number, rotation: Rotation, text: Text, compute: ComputeType,
): Promise<{ key: Value; value: Value }> {
  const keyChannels = text.keyHeads * text.headSize;
  const queryChannels = text.heads * text.headSize;
  const name = `${blockPrefix(block)}self_attn.Wqkv`;
  const project = async (part: 'key' | 'value', rowStart: number) => asSequence(graph, await store.linear(graph, compute, rows, {
    key: memaugKey(block, `self_${part}`),
    parts: [{
      weight: `${name}.weight`, bias: `${name}.bias`, tensorRows: queryChannels + 2 * keyChannels, rowStart, rows: keyChannels,
    }],
    inputs: text.hidden,
    quantize: 'eight',
  }), 'rows', keyChannels);
  return {
    key: rotated(graph, await project('key', queryChannels), rotation, text.keyHeads, text),
    value: await project('value', queryChannels + keyChannels),
  };
}

/** Rotated queries in folded order (NOTE folded heads), [1, rows, heads · headSize]. */
async function query(
  store: WeightStore, graph: GraphBuilder, rows: Value, block: number, kind: 'self' | 'cross',
  rotation: Rotation, text: Text, compute: ComputeType,
): Promise<Value> {
  const channels = text.heads * text.headSize;
  const keyChannels = text.keyHeads * text.headSize;
  const name = `${blockPrefix(block)}${kind === 'self' ? 'self_attn.Wqkv' : 'cross_attn.Wq'}`;
  const projected = await store.linear(graph, compute, rows, {
    key: memaugKey(block, `${kind}_query`),
    parts: [{
      weight: `${name}.weight`, bias: `${name}.bias`,
      tensorRows: kind === 'self' ? channels + 2 * keyChannels : channels, rowStart: 0, rows: channels,
    }],
    inputs: text.hidden,
    rowOrder: foldedChannels(text.heads, text.keyHeads, text.headSize),
    quantize: 'eight',
  });
  return rotated(graph, asSequence(graph, projected, 'rows', channels), rotation, text.heads, text);
}

/** Attention of folded queries [1, rows, heads · headSize]; the result is [rows, heads · headSize] in the same order. */
function attendFolded(graph: GraphBuilder, queries: Value, key: Value, value: Value, text: Text, attention: AttentionKind): Value {
  const channels = text.heads * text.headSize;
  const keyChannels = text.keyHeads * text.headSize;
  const folded = reshape(graph, queries, [1, -1, keyChannels], [1, 'folded_rows', keyChannels]);
  return reshape(graph, attendAll(graph, attention, folded, key, value, text.keyHeads), [-1, channels], ['rows', channels]);
}

/** The output layer of an attention. */
async function joinHeads(
  store: WeightStore, graph: GraphBuilder, attended: Value, block: number, kind: 'self' | 'cross', text: Text, compute: ComputeType,
): Promise<Value> {
  const channels = text.heads * text.headSize;
  const name = `${blockPrefix(block)}${kind}_attn.Wo`;
  return await store.linear(graph, compute, attended, {
    key: memaugKey(block, `${kind}_output`),
    parts: [{ weight: `${name}.weight`, bias: `${name}.bias`, tensorRows: text.hidden }],
    inputs: channels,
    columnOrder: foldedChannels(text.heads, text.keyHeads, text.headSize),
    quantize: 'eight',
  });
}

async function feedForward(
  store: WeightStore, graph: GraphBuilder, rows: Value, block: number, text: Text, compute: ComputeType,
): Promise<Value> {
  const name = `${blockPrefix(block)}mlp.`;
  const wide = 4 * text.hidden;
  const up = await store.linear(graph, compute, rows, {
    key: memaugKey(block, 'up'),
    parts: [{ weight: `${name}0.weight`, bias: `${name}0.bias`, tensorRows: wide }],
    inputs: text.hidden, quantize: 'eight',
  });
  return await store.linear(graph, compute, gelu(graph, up, 'none'), {
    key: memaugKey(block, 'down'),
    parts: [{ weight: `${name}2.weight`, bias: `${name}2.bias`, tensorRows: text.hidden }],
    inputs: wide, quantize: 'eight',
  });
}

async function postNorm(
  store: WeightStore, graph: GraphBuilder, rows: Value, change: Value, block: number, index: 1 | 2 | 3, text: Text, compute: ComputeType,
): Promise<Value> {
  const name = memaugNorm(block, index);
  const scale = await store.tensor(graph, compute, `${name}weight`, [text.hidden]);
  const bias = await store.tensor(graph, compute, `${name}bias`, [text.hidden]);
  return skipLayerNormalization(graph, change, rows, scale, bias, layerNormEpsilon).normalized;
}

function blockPrefix(block: number): string {
  return `model.vision_resampler.layers.${String(block)}.`;
}
