import type { CheckpointConfig } from '../checkpoint/config.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { gelu, layerNormalization, matMul, reshape } from '../graph/operators.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { FrameTokens } from './llava-video.ts';
import type { ModelDimensions, UniformReading } from './spec.ts';
import type { ComputeType, WeightStore } from './weight-store.ts';

/**
 * LongVILA (`NVlabs/VILA`, `mlp_downsample` of base_projector.py): 2 × 2 neighbours of the tower's patches are put side by side, normed and
 * projected; each frame ends with the text's line break.
 */

/** Names that stand for the same computation today. */
const projectorTypes = ['mlp_downsample', 'mlp_downsample_2x2_fix'];
const layerNormEpsilon = 1e-5;

/** Frames of an answer where the config says more: two thousand of them would take a hundred gigabytes of cache. */
const mostFrames = 256;
const unsaidFrames = 128;
/** A million positions would take tables of half a gigabyte, and caches that no desktop has. */
export const longestSequence = 131_072;

/** What a frame becomes and how frames are read. Throws `checkpoint-unsupported`. */
export function downsampledTokens(config: CheckpointConfig, patchSide: number): FrameTokens {
  const { llm = '', tower = '', frames = unsaidFrames } = config.vila ?? {};
  const projector = config.mm_projector_type ?? '';
  if (!projectorTypes.includes(projector)) throw unsupported('mm_projector_type', projector, projectorTypes);
  if (!tower.startsWith('siglip')) throw unsupported('vision_tower.model_type', tower, ['siglip_vision_model']);
  if (llm !== 'llama' && llm !== 'qwen2') throw unsupported('llm.model_type', llm, ['llama', 'qwen2']);
  return {
    poolGrid: Math.ceil(patchSide / 2),
    uniform: { frames: Math.min(frames, mostFrames), newline: 'frame', timeInstruction: false, downsampled: tokenOrder(llm) },
  };
}

/**
 * Until August 2024 the code lacked its last transposition, so that tokens ran down the columns; the Llama-3 checkpoints were trained with
 * that, those on Qwen2 later.
 */
function tokenOrder(llm: 'llama' | 'qwen2'): UniformReading['downsampled'] {
  return llm === 'llama' ? 'columns' : 'rows';
}

/**
 * Ones where a patch goes, [4 · tokens, side²]: row 4 · token + neighbour, neighbours left to right and top to bottom. Beyond the last row
 * and column there is nothing but zeros, as an odd side is padded.
 */
export function neighbourMatrix(side: number, order: 'rows' | 'columns'): Float32Array<ArrayBuffer> {
  const grid = Math.ceil(side / 2);
  const matrix = new Float32Array(4 * grid ** 2 * side ** 2);
  for (let token = 0; token < grid ** 2; token += 1) {
    const [major, minor] = [Math.floor(token / grid), token % grid];
    const [top, left] = order === 'rows' ? [2 * major, 2 * minor] : [2 * minor, 2 * major];
    for (let neighbour = 0; neighbour < 4; neighbour += 1) {
      const [row, column] = [top + (neighbour >> 1), left + (neighbour & 1)];
      if (row < side && column < side) matrix[(4 * token + neighbour) * side ** 2 + row * side + column] = 1;
    }
  }
  return matrix;
}

/** Patches [frames, side², channels] to tokens [frames, tokens, hidden]. */
export async function downsample(
  store: WeightStore, graph: GraphBuilder, patches: Value, { vision, text, tokensPerFrame }: ModelDimensions, order: 'rows' | 'columns', compute: ComputeType,
): Promise<Value> {
  const side = Math.floor(vision.imageSize / vision.patchSize);
  const width = 4 * vision.channels;
  const matrix = await store.derived(graph, compute, 'neighbours', [4 * tokensPerFrame, side ** 2], () => Promise.resolve(neighbourMatrix(side, order)));
  const neighbours = matMul(graph, matrix, patches, ['frames', 4 * tokensPerFrame, vision.channels]);
  const rows = reshape(graph, neighbours, [-1, width], ['tokens', width]);
  const norm = { scale: await store.tensor(graph, compute, `${projector}1.weight`, [width]), bias: await store.tensor(graph, compute, `${projector}1.bias`, [width]) };
  const normed = layerNormalization(graph, rows, norm.scale, norm.bias, layerNormEpsilon);
  const layer = async (input: Value, index: number, inputs: number) => await store.linear(graph, compute, input, {
    key: `projector.${String(index)}`, inputs, quantize: 'never',
    parts: [{ weight: `${projector}${String(index)}.weight`, bias: `${projector}${String(index)}.bias`, tensorRows: text.hidden }],
  });
  const projected = await layer(gelu(graph, await layer(normed, 2, width), 'none'), 4, text.hidden);
  return reshape(graph, projected, [-1, tokensPerFrame, text.hidden], ['frames', tokensPerFrame, text.hidden]);
}

const projector = 'model.mm_projector.layers.';

function unsupported(key: string, found: string, known: readonly string[]): LongtakeError {
  return new LongtakeError('checkpoint-unsupported', `The checkpoint's "${key}" is "${found}"; for LongVILA Longtake knows "${known.join('", "')}".`, { key, found });
}
