import { gatedMatMulNBits, gatedProduct, silu, skipRmsNormalization } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { elementwise } from '../graph/operators.ts';
import { layerProduct, normScale } from './decoder-layers.ts';
import type { CachePlace } from './decoder-layers.ts';
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
  const parts = partsOf(intermediate);
  const wide = (name: string) => ({ ...layerProduct(layer, `mlp.${name}`, hidden, intermediate), outputParts: parts });
  const [gateRequest, upRequest] = [wide('gate_proj'), wide('up_proj')];
  const scale = await normScale(store, graph, layer, 'post_attention_layernorm', text, compute);
  const down = (product: Value) => store.linear(graph, compute, product, { ...layerProduct(layer, 'mlp.down_proj', intermediate, hidden), inputParts: parts });
  if (place === 'device') {
    const gate = await store.quantized(graph, compute, gateRequest);
    const up = await store.quantized(graph, compute, upRequest);
    if (gate !== undefined && up !== undefined) {
      const { product, sum } = gatedMatMulNBits(graph, input, skip, scale, rmsNormEpsilon, gate, up);
      return { transformed: await down(product), sum };
    }
  }
  const { normalized, sum } = skipRmsNormalization(graph, input, skip, scale, rmsNormEpsilon);
  const gate = await store.linear(graph, compute, normalized, gateRequest);
  const up = await store.linear(graph, compute, normalized, upRequest);
  const product = place === 'device' ? gatedProduct(graph, gate, up) : elementwise(graph, 'Mul', silu(graph, gate), up);
  return { transformed: await down(product), sum };
}

/**
 * How many parts (NOTE parts in weight-store.ts) the wide layer is cut into, each of a thousand channels and more: a step's
 * product of one row has a workgroup for each 32 outputs, which goes through all inputs by itself, and the layer behind has
 * the fewest outputs and the most inputs.
 */
function partsOf(channels: number): number {
  return [8, 4, 2].find((parts) => channels % (4 * parts) === 0 && channels / parts >= 512) ?? 1;
}
