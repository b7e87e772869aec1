import { groupQueryAttention } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { reshape } from '../graph/operators.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { LayerAttended, LayerAttention } from './cache-attention.ts';
import { decoderNames } from './graph-names.ts';
import { rotaryTables } from './rotary.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType, WeightStore } from './weight-store.ts';

type Text = ModelDimensions['text'];

/** On an accelerator the cache is a tensor of the device, and the fused operator rotates, appends and attends. */
export type DeviceInputs = {
  readonly lastIndex: Value;
  readonly totalLength: Value;
  readonly cosine: Value; // [maximumLength, headSize / 2], weights of the graph
  readonly sine: Value;
  readonly past: readonly { readonly key: Value; readonly value: Value }[];
};

export async function deviceInputs(graph: GraphBuilder, store: WeightStore, text: Text, compute: ComputeType): Promise<DeviceInputs> {
  const pastShape = [1, text.keyHeads, 'past', text.headSize] as const;
  const positions = Int32Array.from({ length: text.maximumLength }, (_, position) => position);
  const table = (part: 'cosine' | 'sine') => store.derived(graph, compute, `rotary.${part}`,
    [text.maximumLength, text.headSize / 2],
    () => Promise.resolve(rotaryTables(positions, text.headSize, text.ropeTheta)[part]));
  return {
    lastIndex: graph.input(decoderNames.lastIndex, 'int32', [1]),
    totalLength: graph.input(decoderNames.totalLength, 'int32', [1]),
    cosine: await table('cosine'),
    sine: await table('sine'),
    past: Array.from({ length: text.layers }, (_, layer) => ({
      key: graph.input(decoderNames.pastKey(layer), compute, pastShape),
      value: graph.input(decoderNames.pastValue(layer), compute, pastShape),
    })),
  };
}

/** As `cacheAttention`, with the fused operator; the new keys and values are the whole cache, [1, K, total, d]. */
export function deviceAttention(graph: GraphBuilder, text: Text, inputs: DeviceInputs): LayerAttention {
  return (layer, query, key, value) => attendLayer(graph, text, inputs, layer, query, key, value);
}

function attendLayer(
  graph: GraphBuilder, text: Text, inputs: DeviceInputs, layer: number, query: Value, key: Value, value: Value,
): LayerAttended {
  const past = inputs.past[layer];
  if (past === undefined) throw new LongtakeError('internal', `The decoder has no cache for layer ${String(layer)}.`);
  const sequence = (rows: Value, channels: number) => reshape(graph, rows, [1, -1, channels], [1, 'rows', channels]);
  const queryChannels = text.heads * text.headSize;
  const keyChannels = text.keyHeads * text.headSize;
  const result = groupQueryAttention(graph, {
    query: sequence(query, queryChannels),
    key: sequence(key, keyChannels),
    value: sequence(value, keyChannels),
    pastKey: past.key,
    pastValue: past.value,
    lastIndex: inputs.lastIndex,
    totalLength: inputs.totalLength,
    cosine: inputs.cosine,
    sine: inputs.sine,
    heads: text.heads,
    keyHeads: text.keyHeads,
    presentLength: 'total',
  });
  return {
    attended: reshape(graph, result.output, [-1, queryChannels], ['rows', queryChannels]),
    newKey: result.presentKey,
    newValue: result.presentValue,
  };
}
