import { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-builder.ts';
import { skipLayerNormalization } from '../graph/fused-operators.ts';
import { cast, elementwise, gelu, layerNormalization, matMul, reshape, scalar, slice, transpose } from '../graph/operators.ts';
import { attendAll } from './attention.ts';
import { visionNames } from './graph-names.ts';
import { downsample } from './longvila.ts';
import { poolingMatrix } from './pooling.ts';
import { project } from './projector.ts';
import { featureChannels } from './spec.ts';
import type { ModelDimensions } from './spec.ts';
import type { AttentionKind, ComputeType, WeightStore } from './weight-store.ts';

const tower = 'model.vision_tower.vision_tower.vision_model.';

/** Under which names the tower's tensors are stored. */
export const visionTensors = {
  patchEmbedding: 'patch_embedding', // [patchSize · patchSize · 3, channels]
  positions: 'positions', // [patches, channels], the convolution's bias in them
  product: (layer: number, name: 'q_proj' | 'k_proj' | 'v_proj' | 'out_proj' | 'fc1' | 'fc2') => `vision.${String(layer)}.${name}`,
  norm: (layer: number, name: 'layer_norm1' | 'layer_norm2') => `${tower}encoder.layers.${String(layer)}.${name}`,
} as const;

/** What is subtracted from a pixel and what the rest is divided by: together (x / 255 − 0.5) / 0.5. */
export const pixelCentre = 127.5;

type Vision = ModelDimensions['vision'];

/** Patches along one side; pixels that do not fill a patch are not looked at (SigLIP's convolution has no padding). */
export function patchSide(vision: Vision): number {
  return Math.floor(vision.imageSize / vision.patchSize);
}

/**
 * SigLIP's encoder without its last layer and without the final norm, then the bilinear pooling
 * (`multimodal_encoder/siglip_encoder.py` and `hour_llava_arch.py` of jylins/hourllava; the released tower has the
 * layer removed already). Frames in, u8 NHWC as the decoder of videos gives them; features out.
 * LLaVA-Video's patches go through the projector before they are pooled (`llava_arch.py` of LLaVA-NeXT, encode_images and get_2dPool).
 */
export async function buildVision(
  store: WeightStore, dimensions: ModelDimensions, compute: ComputeType, kind: AttentionKind = 'fused',
): Promise<GraphBuilder> {
  const { vision } = dimensions;
  const { channels } = vision;
  const side = patchSide(vision);
  const patches = side * side;
  const graph = new GraphBuilder('vision', 'RGB frames to pooled SigLIP features');
  const frames = graph.input(visionNames.frames, 'uint8', ['frames', vision.imageSize, vision.imageSize, 3]);

  let sum = await embedPatches(store, graph, frames, vision, compute); // [frames · patches, channels]
  let normalized = await norm(store, graph, sum, 0, 'layer_norm1', vision, compute);
  for (let layer = 0; layer < vision.layers; layer += 1) {
    const attended = await attention(store, graph, normalized, layer, vision, compute, kind);
    const between = await skipNorm(store, graph, attended, sum, layer, 'layer_norm2', vision, compute);
    const transformed = await feedForward(store, graph, between.normalized, layer, vision, compute);
    if (layer + 1 === vision.layers) {
      sum = elementwise(graph, 'Add', between.sum, transformed);
    } else {
      const after = await skipNorm(store, graph, transformed, between.sum, layer + 1, 'layer_norm1', vision, compute);
      ({ normalized, sum } = after);
    }
  }
  const rows = reshape(graph, sum, [-1, patches, channels], ['frames', patches, channels]);
  graph.output(visionNames.features, await tokensOf(store, graph, rows, dimensions, compute));
  graph.output(visionNames.patches, rows);
  return graph;
}

/** What becomes of patches [frames, patches, channels]: [frames, tokensPerFrame, featureChannels]. */
async function tokensOf(store: WeightStore, graph: GraphBuilder, patches: Value, dimensions: ModelDimensions, compute: ComputeType): Promise<Value> {
  const { vision, uniform, tokensPerFrame } = dimensions;
  if (uniform?.downsampled !== undefined) return await downsample(store, graph, patches, dimensions, uniform.downsampled, compute);
  const side = patchSide(vision);
  const width = featureChannels(dimensions);
  const rows = reshape(graph, patches, [-1, vision.channels], ['rows', vision.channels]);
  const seen = uniform === undefined ? patches
    : reshape(graph, await project(store, graph, rows, dimensions, compute), [-1, side ** 2, width], ['frames', side ** 2, width]);
  const pooling = await store.derived(graph, compute, 'pooling', [tokensPerFrame, side ** 2],
    () => Promise.resolve(poolingMatrix(side, vision.poolGrid)));
  return matMul(graph, pooling, seen, ['frames', tokensPerFrame, width]);
}

/**
 * The patch convolution as one matrix product. Pixels x enter as x − 127.5, exact in float16 too, and the product is
 * divided by 127.5: together (x / 255 − 0.5) / 0.5, SigLIP's normalisation.
 */
async function embedPatches(store: WeightStore, graph: GraphBuilder, frames: Value, vision: Vision, compute: ComputeType): Promise<Value> {
  const { patchSize: patch, channels } = vision;
  const side = patchSide(vision);
  const used = side * patch;
  // Operators on bytes have no kernels on accelerators: anything else would go to the host and back in the middle.
  let pixels = cast(graph, frames, compute);
  if (used < vision.imageSize) {
    pixels = slice(graph, slice(graph, pixels, 1, 0, used, used), 2, 0, used, used);
  }
  const inner = patch * 3;
  const split = reshape(graph, pixels, [-1, side, patch, side, inner], ['frames', side, patch, side, inner]);
  const ordered = transpose(graph, split, [0, 1, 3, 2, 4]); // [frames, side, side, patch, patch · 3]
  const flat = reshape(graph, ordered, [-1, patch * inner], ['rows', patch * inner]);
  const centred = elementwise(graph, 'Sub', flat, scalar(graph, 'pixel_centre', compute, pixelCentre));
  const weight = await store.derived(graph, compute, visionTensors.patchEmbedding, [patch * inner, channels], async () => {
    const kernel = await store.read(`${tower}embeddings.patch_embedding.weight`, [channels, 3, patch, patch]);
    return pixelMajor(kernel, channels, patch);
  });
  const product = graph.node({
    operator: 'Gemm', inputs: [centred, weight], outputs: [{ type: compute, shape: ['rows', channels] }],
    attributes: { alpha: { kind: 'float', value: 1 / pixelCentre } },
  });
  const positions = await store.derived(graph, compute, visionTensors.positions, [side * side, channels], async () => {
    const learned = await store.read(`${tower}embeddings.position_embedding.weight`, [side * side, channels]);
    const bias = await store.read(`${tower}embeddings.patch_embedding.bias`, [channels]);
    return learned.map((value, index) => value + (bias[index % channels] as number));
  });
  const placed = elementwise(graph, 'Add',
    reshape(graph, product, [-1, side * side, channels], ['frames', side * side, channels]), positions);
  return reshape(graph, placed, [-1, channels], ['rows', channels]);
}

/** A convolution kernel [channels, 3, patch, patch] as a matrix [patch · patch · 3, channels] for NHWC patches. */
function pixelMajor(kernel: Float32Array, channels: number, patch: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(kernel.length);
  let source = 0;
  for (let channel = 0; channel < channels; channel += 1) {
    for (let colour = 0; colour < 3; colour += 1) {
      for (let pixel = 0; pixel < patch * patch; pixel += 1) {
        result[(pixel * 3 + colour) * channels + channel] = kernel[source] as number;
        source += 1;
      }
    }
  }
  return result;
}

async function attention(
  store: WeightStore, graph: GraphBuilder, input: Value, layer: number, vision: Vision, compute: ComputeType, kind: AttentionKind,
): Promise<Value> {
  const { channels } = vision;
  const patches = patchSide(vision) ** 2;
  const project = async (name: 'q_proj' | 'k_proj' | 'v_proj' | 'out_proj', source: Value) => await store.linear(graph, compute, source, {
    key: visionTensors.product(layer, name),
    parts: [{
      weight: `${tower}encoder.layers.${String(layer)}.self_attn.${name}.weight`,
      bias: `${tower}encoder.layers.${String(layer)}.self_attn.${name}.bias`,
      tensorRows: channels,
    }],
    inputs: channels,
    quantize: 'never',
  });
  const sequence = (value: Value) => reshape(graph, value, [-1, patches, channels], ['frames', patches, channels]);
  const query = sequence(await project('q_proj', input));
  const key = sequence(await project('k_proj', input));
  const value = sequence(await project('v_proj', input));
  const attended = attendAll(graph, kind, query, key, value, vision.heads);
  return await project('out_proj', reshape(graph, attended, [-1, channels], ['rows', channels]));
}

async function feedForward(
  store: WeightStore, graph: GraphBuilder, input: Value, layer: number, vision: Vision, compute: ComputeType,
): Promise<Value> {
  const { channels, intermediate } = vision;
  const prefix = `${tower}encoder.layers.${String(layer)}.mlp.`;
  const wide = await store.linear(graph, compute, input, {
    key: visionTensors.product(layer, 'fc1'),
    parts: [{ weight: `${prefix}fc1.weight`, bias: `${prefix}fc1.bias`, tensorRows: intermediate }],
    inputs: channels, quantize: 'never',
  });
  return await store.linear(graph, compute, gelu(graph, wide, 'tanh'), {
    key: visionTensors.product(layer, 'fc2'),
    parts: [{ weight: `${prefix}fc2.weight`, bias: `${prefix}fc2.bias`, tensorRows: channels }],
    inputs: intermediate, quantize: 'never',
  });
}

async function normWeights(
  store: WeightStore, graph: GraphBuilder, layer: number, name: 'layer_norm1' | 'layer_norm2', vision: Vision, compute: ComputeType,
): Promise<{ scale: Value; bias: Value }> {
  const prefix = `${visionTensors.norm(layer, name)}.`;
  return {
    scale: await store.tensor(graph, compute, `${prefix}weight`, [vision.channels]),
    bias: await store.tensor(graph, compute, `${prefix}bias`, [vision.channels]),
  };
}

async function norm(
  store: WeightStore, graph: GraphBuilder, input: Value, layer: number, name: 'layer_norm1' | 'layer_norm2', vision: Vision, compute: ComputeType,
): Promise<Value> {
  const { scale, bias } = await normWeights(store, graph, layer, name, vision, compute);
  return layerNormalization(graph, input, scale, bias, vision.layerNormEpsilon);
}

async function skipNorm(
  store: WeightStore, graph: GraphBuilder, input: Value, skip: Value, layer: number, name: 'layer_norm1' | 'layer_norm2', vision: Vision, compute: ComputeType,
): Promise<{ normalized: Value; sum: Value }> {
  const { scale, bias } = await normWeights(store, graph, layer, name, vision, compute);
  return skipLayerNormalization(graph, input, skip, scale, bias, vision.layerNormEpsilon);
}
