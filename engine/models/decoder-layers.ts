import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType, WeightStore } from './weight-store.ts';

type Text = ModelDimensions['text'];

/**
 * Where keys and values live between runs. `host`: in JavaScript's memory, fed without a copy, each run returning only
 * its own rows. `device`: in tensors that never leave the accelerator, each run returning the grown cache.
 */
export type CachePlace = 'host' | 'device';

/** One of a decoder layer's products without biases, [rows, inputs] to [rows, outputs]. */
export async function linear(
  store: WeightStore, graph: GraphBuilder, rows: Value, layer: number, name: string,
  inputs: number, outputs: number, compute: ComputeType, place: CachePlace,
): Promise<Value> {
  return await store.linear(graph, compute, rows, {
    key: `decoder.${String(layer)}.${name}`,
    parts: [{ weight: `${layerPrefix(layer)}${name}.weight`, tensorRows: outputs }],
    inputs,
    quantize: 'format',
    ...innerParts(place, partsOf(inputs)),
  });
}

/**
 * On a device a step's product of one row has a workgroup for each 32 outputs, which goes through all inputs by itself:
 * a few dozen of them leave most of a GPU idle. Parts of the inputs are more workgroups, added up behind them.
 */
export function innerParts(place: CachePlace, parts: number): { readonly innerParts?: number } {
  return place === 'device' ? { innerParts: parts } : {};
}

/** Parts of about a thousand inputs, of equal size and a multiple of 4. */
export function partsOf(inputs: number): number {
  return [8, 4, 2].find((parts) => inputs % (4 * parts) === 0 && inputs / parts >= 512) ?? 1;
}

export async function normScale(
  store: WeightStore, graph: GraphBuilder, layer: number, name: string, text: Text, compute: ComputeType,
): Promise<Value> {
  return await store.tensor(graph, compute, `${layerPrefix(layer)}${name}.weight`, [text.hidden]);
}

export function layerPrefix(layer: number): string {
  return `model.layers.${String(layer)}.`;
}
