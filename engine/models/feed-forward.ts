import { gatedMatMulNBits, gatedProduct, silu, skipRmsNormalization } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { elementwise, split } from '../graph/operators.ts';
import { layerProduct, normScale, partsOf } from './decoder-layers.ts';
import type { CachePlace } from './decoder-layers.ts';
import type { LinearRequest } from './linear-request.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType, WeightStore } from './weight-store.ts';

type Text = ModelDimensions['text'];

/**
 * The second half of a decoder layer: `sum = input + skip` and `down(silu(gate(n)) · up(n))` for n = norm(sum). On a device
 * in as few kernels as it has for that, elsewhere in operators that every provider has.
 */
export async function feedForward(
  store: WeightStore, graph: GraphBuilder, input: Value, skip: Value, layer: number, text: Text, compute: ComputeType, place: CachePlace,
): Promise<{ readonly transformed: Value; readonly sum: Value }> {
  const { hidden, intermediate, rmsNormEpsilon } = text;
  const scale = await normScale(store, graph, layer, 'post_attention_layernorm', text, compute);
  // Stored once for both places. The CPU's products of cut weights are slower, and float32 is what the CPU computes in.
  const parts = store.format === 'float16' ? partsOf(intermediate) : 1;
  const downParts = place === 'device' ? partsOf(intermediate) : parts;
  const down = (product: Value) => store.linear(graph, compute, product, { ...layerProduct(layer, 'mlp.down_proj', intermediate, hidden), inputParts: downParts });
  const [gateRequest, upRequest] = [layerProduct(layer, 'mlp.gate_proj', hidden, intermediate), layerProduct(layer, 'mlp.up_proj', hidden, intermediate)] as const;
  if (place === 'device' && store.quantizes(gateRequest)) {
    const [gate, up] = [await store.quantized(graph, compute, gateRequest), await store.quantized(graph, compute, upRequest)];
    const { product, sum } = gatedMatMulNBits(graph, input, skip, scale, rmsNormEpsilon, gate, up);
    return { transformed: await down(product), sum };
  }
  const { normalized, sum } = skipRmsNormalization(graph, input, skip, scale, rmsNormEpsilon);
  const [gate, up] = store.quantizes(gateRequest)
    ? [await store.linear(graph, compute, normalized, gateRequest), await store.linear(graph, compute, normalized, upRequest)]
    : await joinedProducts(store, graph, compute, normalized, gateRequest, upRequest, parts);
  const product = place === 'device' ? gatedProduct(graph, gate, up) : elementwise(graph, 'Mul', silu(graph, gate), up);
  return { transformed: await down(product), sum };
}

/** Gate and up, of which a device makes one product in less time than two. */
async function joinedProducts(
  store: WeightStore, graph: GraphBuilder, compute: ComputeType, rows: Value, gate: LinearRequest, up: LinearRequest, parts: number,
): Promise<[Value, Value]> {
  const joined = await store.linear(graph, compute, rows, { ...gate, key: `${gate.key}_up`, parts: [...gate.parts, ...up.parts], outputParts: parts });
  const channels = (joined.shape.at(-1) as number) / 2;
  return split(graph, joined, [channels, channels]) as [Value, Value];
}
