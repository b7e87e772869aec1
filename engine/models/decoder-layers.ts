import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { LinearRequest } from './linear-request.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType, WeightStore } from './weight-store.ts';

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

/** Into how many parts (NOTE parts in cut-products.ts) a thousand and more inputs are cut: of at least 256, and a multiple of 16. */
export function partsOf(inputs: number): number {
  if (inputs < 1024) return 1;
  return [16, 8, 4, 2].find((parts) => inputs % (16 * parts) === 0 && inputs / parts >= 256) ?? 1;
}

export async function normScale(
  store: WeightStore, graph: GraphBuilder, layer: number, name: string, text: Text, compute: ComputeType,
): Promise<Value> {
  return await store.tensor(graph, compute, `${layerPrefix(layer)}${name}.weight`, [text.hidden]);
}

export function layerPrefix(layer: number): string {
  return `model.layers.${String(layer)}.`;
}
