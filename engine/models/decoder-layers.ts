import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType, LinearRequest, WeightStore } from './weight-store.ts';

type Text = ModelDimensions['text'];

/**
 * Where keys and values live between runs. `host`: in JavaScript's memory, fed without a copy, each run returning only
 * its own rows. `device`: in tensors that never leave the accelerator, each run returning the grown cache.
 */
export type CachePlace = 'host' | 'device';

/** One of a decoder layer's products without biases, [rows, inputs] to [rows, outputs]. */
export function layerProduct(layer: number, name: string, inputs: number, outputs: number): LinearRequest {
  return {
    key: `decoder.${String(layer)}.${name}`,
    parts: [{ weight: `${layerPrefix(layer)}${name}.weight`, tensorRows: outputs }],
    inputs,
    quantize: 'format',
  };
}

export async function normScale(
  store: WeightStore, graph: GraphBuilder, layer: number, name: string, text: Text, compute: ComputeType,
): Promise<Value> {
  return await store.tensor(graph, compute, `${layerPrefix(layer)}${name}.weight`, [text.hidden]);
}

export function layerPrefix(layer: number): string {
  return `model.layers.${String(layer)}.`;
}
