import { createStorage, writeNumbers } from '../../kernels/device-buffers.ts';
import type { Element } from '../../kernels/elements.ts';
import type { GraphicsDevice } from '../../kernels/graphics-device.ts';
import { decoderRotary } from '../../models/rope-scaling.ts';
import type { ModelShape } from '../../models/spec.ts';
import type { DeviceWeights, HeldLinear } from './device-weights.ts';

/** Sizes of a Qwen2 decoder. */
export type DecoderShape = Pick<ModelShape['text'],
  'hidden' | 'layers' | 'intermediate' | 'heads' | 'keyHeads' | 'headSize' | 'vocabulary' | 'maximumLength' | 'rmsNormEpsilon' | 'ropeTheta' | 'ropeScaling'>;

/** A layer on our own device; `gateUp` has the outputs of the gate, then those of what it lets through. */
export type LayerWeights = {
  readonly inputNorm: GPUBuffer;
  readonly qkv: HeldLinear;
  readonly output: HeldLinear;
  readonly innerNorm: GPUBuffer;
  readonly gateUp: HeldLinear;
  readonly down: HeldLinear;
};

export type DecoderWeights = {
  readonly layers: readonly LayerWeights[];
  readonly norm: GPUBuffer;
  readonly head: HeldLinear;
  /** Float32 [maximumLength, headSize]: cosines of a position, then sines. */
  readonly rotation: GPUBuffer;
  /** What the norms' scales are kept in. */
  readonly stored: Element;
};

/** Loads what `buildDecoder` has stored (models/qwen2.ts), and makes what it computes with besides. Throws `out-of-memory`. */
export async function loadDecoder(graphics: GraphicsDevice, weights: DeviceWeights, shape: DecoderShape): Promise<DecoderWeights> {
  const { hidden, intermediate, heads, headSize } = shape;
  const layers: LayerWeights[] = [];
  for (let layer = 0; layer < shape.layers; layer += 1) {
    const [prefix, key] = [`model.layers.${String(layer)}.`, `decoder.${String(layer)}.`];
    const [gate, up] = [`${key}mlp.gate_proj`, `${key}mlp.up_proj`];
    layers.push({
      inputNorm: await weights.tensor(`${prefix}input_layernorm.weight`),
      qkv: await weights.linear(`${key}qkv`, hidden),
      output: await weights.linear(`${key}self_attn.o_proj`, heads * headSize),
      innerNorm: await weights.tensor(`${prefix}post_attention_layernorm.weight`),
      gateUp: weights.isQuantised(gate) ? await weights.joinedCodes([gate, up], hidden) : await weights.linear(`${gate}_up`, hidden, 'outputs', 2),
      down: await weights.linear(`${key}mlp.down_proj`, intermediate),
    });
  }
  return {
    layers, norm: await weights.tensor('model.norm.weight'), head: await weights.linear('decoder.head', hidden),
    rotation: await createRotation(graphics, shape), stored: weights.elementOf('model.norm.weight'),
  };
}

/** Angles of every position that the decoder may reach. Destroy it. Throws `out-of-memory`. */
export async function createRotation(graphics: GraphicsDevice, text: Pick<DecoderShape, 'maximumLength' | 'headSize' | 'ropeTheta' | 'ropeScaling'>): Promise<GPUBuffer> {
  const { maximumLength, headSize } = text;
  const half = headSize / 2;
  const { cosine, sine } = decoderRotary(Int32Array.from({ length: maximumLength }, (_, position) => position), text);
  const table = new Float32Array(maximumLength * headSize);
  for (let position = 0; position < maximumLength; position += 1) {
    table.set(cosine.subarray(position * half, (position + 1) * half), position * headSize);
    table.set(sine.subarray(position * half, (position + 1) * half), position * headSize + half);
  }
  const buffer = await createStorage(graphics, table.byteLength, 'rotation tables');
  writeNumbers(graphics, buffer, 0, table);
  return buffer;
}
