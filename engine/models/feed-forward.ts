import { gatedMatMulNBits, gatedProduct, silu, skipRmsNormalization } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { elementwise } from '../graph/operators.ts';
import { innerParts, layerPrefix, linear, normScale } from './decoder-layers.ts';
import type { CachePlace } from './decoder-layers.ts';
import type { ModelDimensions } from './spec.ts';
import type { ComputeType, LinearRequest, WeightStore } from './weight-store.ts';

type Text = ModelDimensions['text'];

/**
 * The second half of a decoder layer: `sum = input + skip` and `down(silu(gate(n)) · up(n))` for n = norm(sum). On a device
 * in as few kernels as it has for that, elsewhere in operators that every provider has.
 */
export async function feedForward(
  store: WeightStore, graph: GraphBuilder, input: Value, skip: Value, layer: number, text: Text, compute: ComputeType, place: CachePlace,
): Promise<{ readonly transformed: Value; readonly sum: Value }> {
  const part = (name: string): LinearRequest => ({
    key: `decoder.${String(layer)}.mlp.${name}`,
    parts: [{ weight: `${layerPrefix(layer)}mlp.${name}.weight`, tensorRows: text.intermediate }],
    inputs: text.hidden,
    quantize: 'format',
    ...innerParts(place, 1),
  });
  const scale = await normScale(store, graph, layer, 'post_attention_layernorm', text, compute);
  const down = (product: Value) => linear(store, graph, product, layer, 'mlp.down_proj', text.intermediate, text.hidden, compute, place);
  if (place === 'device') {
    const gate = await store.quantized(graph, compute, part('gate_proj'));
    const up = await store.quantized(graph, compute, part('up_proj'));
    if (gate !== undefined && up !== undefined) {
      const { product, sum } = gatedMatMulNBits(graph, input, skip, scale, text.rmsNormEpsilon, gate, up);
      return { transformed: await down(product), sum };
    }
  }
  const { normalized, sum } = skipRmsNormalization(graph, input, skip, scale, text.rmsNormEpsilon);
  const gate = await store.linear(graph, compute, normalized, part('gate_proj'));
  const up = await store.linear(graph, compute, normalized, part('up_proj'));
  const product = place === 'device' ? gatedProduct(graph, gate, up) : elementwise(graph, 'Mul', silu(graph, gate), up);
  return { transformed: await down(product), sum };
}
