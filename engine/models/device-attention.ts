import { groupQueryAttention } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { oneIndex, reshape } from '../graph/operators.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { LayerAttended } from './cache-attention.ts';
import { decoderNames } from './graph-names.ts';
import { decoderRotary } from './rope-scaling.ts';
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
    () => Promise.resolve(decoderRotary(positions, text)[part]));
  return {
    // A tensor that is fed to a device costs a step a millisecond and more; these numbers stay on the host until a kernel takes them.
    lastIndex: oneIndex(graph, graph.input(decoderNames.lastIndex, 'int32', []), graph.input(decoderNames.endIndex, 'int32', [])),
    totalLength: graph.input(decoderNames.totalLength, 'int32', [1]),
    cosine: await table('cosine'),
    sine: await table('sine'),
    past: Array.from({ length: text.layers }, (_, layer) => ({
      key: graph.input(decoderNames.pastKey(layer), compute, pastShape),
      value: graph.input(decoderNames.pastValue(layer), compute, pastShape),
    })),
  };
}

/**
 * Attention of new rows, packed [rows, (H + 2 · K) · d], none of them rotated, to the cache and to themselves. NOTE shared
 * cache: past and present are the same tensor, [1, K, capacity, d], of which a run fills its own rows (runtime/shared-cache.ts).
 */
export function deviceAttention(graph: GraphBuilder, text: Text, inputs: DeviceInputs): (layer: number, packed: Value) => LayerAttended {
  return (layer, packed) => {
    const past = inputs.past[layer];
    if (past === undefined) throw new LongtakeError('internal', `The decoder has no cache for layer ${String(layer)}.`);
    const { heads, keyHeads, headSize } = text;
    const channels = (heads + 2 * keyHeads) * headSize;
    const result = groupQueryAttention(graph, {
      packed: reshape(graph, packed, [1, -1, channels], [1, 'rows', channels]),
      pastKey: past.key, pastValue: past.value, lastIndex: inputs.lastIndex, totalLength: inputs.totalLength,
      cosine: inputs.cosine, sine: inputs.sine, heads, keyHeads, headSize, presentLength: 'past',
    });
    return {
      attended: reshape(graph, result.output, [-1, heads * headSize], ['rows', heads * headSize]),
      newKey: result.presentKey,
      newValue: result.presentValue,
    };
  };
}
