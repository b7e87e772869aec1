import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointConfig } from '../checkpoint/config.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { frameTokens, llavaVideoArchitecture } from './llava-video.ts';
import type { FrameTokens } from './llava-video.ts';
import { downsampledTokens, longestSequence } from './longvila.ts';
import { ropeScalingOf } from './rope-scaling.ts';
import type { ModelDimensions, ModelShape, ModelSpec, TokenIdKey } from './spec.ts';

/** Tensors of a family's files that its computation does not use, so that they are no strays. */
export type Family = {
  readonly name: ModelSpec['family'];
  readonly dimensions: ModelDimensions;
  readonly mayIgnore: (tensor: string) => boolean;
};

/**
 * Which networks a checkpoint holds, from its config. Throws `checkpoint-unsupported` for any other architecture and
 * for settings of a family whose computation is not built, `checkpoint-invalid` for sizes that do not fit together.
 */
export async function resolveFamily(checkpoint: Checkpoint): Promise<Family> {
  const { config } = checkpoint;
  const tied = !checkpoint.tensors.has('lm_head.weight');
  const shape = shapeOf(config, tied);
  if (tied && !config.tie_word_embeddings) {
    throw new LongtakeError('checkpoint-invalid',
      `The checkpoint in ${checkpoint.directory} lacks the tensor "lm_head.weight" and its config does not tie the embeddings.`,
      { tensor: 'lm_head.weight' });
  }
  return {
    name: familyOf(config),
    dimensions: { ...shape, text: { ...shape.text, ...await tokenIds(checkpoint, shape.text.template) } },
    mayIgnore: (tensor) => ignored(tensor, config),
  };
}

/** The sizes of a checkpoint from its config alone; the errors of {@link resolveFamily} that come from it. */
export function shapeOf(config: CheckpointConfig, tiedEmbeddings: boolean = config.tie_word_embeddings): ModelShape {
  const family = familyOf(config);
  if (family === 'hour-llava') requireHourLlava(config);
  const headSize = config.head_dim ?? config.hidden_size / config.num_attention_heads;
  requireDivisible(config.num_attention_heads, config.num_key_value_heads, 'num_attention_heads', 'num_key_value_heads');
  if (!Number.isInteger(headSize) || headSize % 4 !== 0) {
    throw invalid('hidden_size', `${String(config.hidden_size)} gives heads of ${String(headSize)} channels; a multiple of four is needed`);
  }
  const vision = config.vision_config;
  requireDivisible(vision.hidden_size, vision.num_attention_heads, 'vision_config.hidden_size', 'vision_config.num_attention_heads');
  if (config.mm_hidden_size !== undefined && config.mm_hidden_size !== vision.hidden_size) {
    throw invalid('mm_hidden_size', `${String(config.mm_hidden_size)} is not the tower's ${String(vision.hidden_size)}`);
  }
  const side = Math.floor(vision.image_size / vision.patch_size);
  const { poolGrid, uniform } = tokensOf(family, config, side);
  if (poolGrid > side) {
    const key = family === 'llava-video' ? 'mm_fixed_patch_length' : 'mm_spatial_pool_grid';
    throw invalid(key, `${String(poolGrid)} is more than the ${String(side)} patches a side`);
  }
  const ropeScaling = ropeScalingOf(config);
  return {
    vision: {
      imageSize: vision.image_size, patchSize: vision.patch_size, poolGrid,
      channels: vision.hidden_size, layers: vision.num_hidden_layers, heads: vision.num_attention_heads,
      intermediate: vision.intermediate_size, layerNormEpsilon: vision.layer_norm_eps,
    },
    text: {
      hidden: config.hidden_size, layers: config.num_hidden_layers, intermediate: config.intermediate_size,
      heads: config.num_attention_heads, keyHeads: config.num_key_value_heads, headSize, vocabulary: config.vocab_size,
      maximumLength: Math.min(config.tokenizer_model_max_length, config.max_position_embeddings, family === 'longvila' ? longestSequence : Infinity),
      rmsNormEpsilon: config.rms_norm_eps, ropeTheta: config.rope_theta, tiedEmbeddings,
      ...(ropeScaling !== undefined && { ropeScaling }),
      ...(config.vila?.llm === 'llama' && { unbiased: true, template: 'llama-3' }),
    },
    tokensPerFrame: poolGrid ** 2,
    memaugDepth: family === 'hour-llava' ? config.memaug_depth ?? 4 : 0,
    ...(uniform !== undefined && { uniform }),
  };
}

function tokensOf(family: ModelSpec['family'], config: CheckpointConfig, side: number): { readonly poolGrid: number; readonly uniform: FrameTokens['uniform'] | undefined } {
  switch (family) {
    case 'hour-llava': return { poolGrid: config.mm_spatial_pool_grid, uniform: undefined };
    case 'llava-video': return frameTokens(config, side);
    case 'longvila': return downsampledTokens(config, side);
  }
}

function familyOf(config: CheckpointConfig): ModelSpec['family'] {
  if (config.vila !== undefined) return 'longvila';
  const architecture = config.architectures?.[0] ?? config.model_type;
  if (config.model_type === 'hour_llava_qwen' || architecture === 'HourLlavaQwenForCausalLM') return 'hour-llava';
  if (config.model_type === 'llava_qwen' || architecture === llavaVideoArchitecture) return 'llava-video';
  throw new LongtakeError('checkpoint-unsupported',
    `The architecture "${architecture}" is not supported. Longtake knows HourLlavaQwenForCausalLM (Hour-LLaVA) and ${llavaVideoArchitecture} (LLaVA-Video, LLaVA-OneVision, ProLongVid), and VILA's three folders (LongVILA).`, { architecture });
}

/** The released code sets "rope_scaling" to null, whatever a file says: a scaled Hour-LLaVA is another model. */
function requireHourLlava(config: CheckpointConfig): void {
  if (ropeScalingOf(config) !== undefined) {
    throw new LongtakeError('checkpoint-unsupported', 'config.json: "rope_scaling" is set; Longtake knows Hour-LLaVA without it.', { key: 'rope_scaling' });
  }
  const settings = [
    ['mm_resampler_type', config.mm_resampler_type, 'memaug'],
    ['mm_projector_type', config.mm_projector_type, 'mlp2x_gelu'],
    ['mm_newline_position', config.mm_newline_position, 'grid'],
    ['mm_patch_merge_type', config.mm_patch_merge_type, 'spatial_unpad'],
    ['mm_spatial_pool_mode', config.mm_spatial_pool_mode, 'bilinear'],
  ] as const;
  for (const [key, found, known] of settings) {
    if (found === undefined || found === known) continue;
    throw new LongtakeError('checkpoint-unsupported', `config.json: "${key}" is "${found}"; Longtake knows "${known}".`, { key, found });
  }
}

/**
 * The reference deletes the tower's last layer and replaces its head (`siglip_encoder.py`), so both may be left in a
 * file; rotary frequencies and position ids are buffers that some versions of transformers saved.
 */
function ignored(tensor: string, config: CheckpointConfig): boolean {
  const deletedLayer = `.vision_model.encoder.layers.${String(config.vision_config.num_hidden_layers)}.`;
  return tensor.includes('.vision_model.post_layernorm.') || tensor.includes('.vision_model.head.')
    || tensor.includes(deletedLayer) || tensor.endsWith('.inv_freq') || tensor.endsWith('.position_ids')
    || (config.tie_word_embeddings && tensor === 'lm_head.weight');
}

const tokenizerSchema = z.object({
  model: z.object({ vocab: z.record(z.string(), z.int()) }),
  added_tokens: z.array(z.object({ id: z.int(), content: z.string() })),
});

type TokenIds = Pick<ModelSpec['text'], TokenIdKey>;

/** The ids that decide which text MemAug sees and where an answer ends, from the checkpoint's own tokenizer. */
async function tokenIds(checkpoint: Checkpoint, template: ModelSpec['text']['template']): Promise<TokenIds> {
  const path = checkpoint.tokenizerPath;
  const parsed = tokenizerSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new LongtakeError('checkpoint-invalid', `${path} is not a byte-level BPE tokenizer with added tokens.`, { path });
  const added = new Map(parsed.data.added_tokens.map((token) => [token.content, token.id]));
  const special = (content: string): number => {
    const id = added.get(content);
    if (id === undefined) throw new LongtakeError('checkpoint-invalid', `${path} has no token "${content}".`, { path, token: content });
    return id;
  };
  const newlineId = parsed.data.model.vocab['Ċ']; // "\n" in the byte alphabet of GPT-2's BPE
  if (newlineId === undefined) throw new LongtakeError('checkpoint-invalid', `${path} has no token for a line break.`, { path });
  const imEndId = special(template === 'llama-3' ? '<|eot_id|>' : '<|im_end|>');
  const declared = checkpoint.generationConfig.eos_token_id ?? checkpoint.config.eos_token_id ?? imEndId;
  const tokenizer = new Tokenizer(JSON.parse(await readFile(path, 'utf8')) as object, {});
  return {
    // A turn's end ends an answer, whatever the base model was declared to end with.
    endIds: [...new Set([...(typeof declared === 'number' ? [declared] : declared), ...(checkpoint.config.vila === undefined ? [] : [imEndId])])],
    newlineId,
    imStartId: special(template === 'llama-3' ? '<|start_header_id|>' : '<|im_start|>'),
    imEndId,
    assistantIds: tokenizer.encode('assistant', { add_special_tokens: false }).ids,
  };
}

function requireDivisible(value: number, divisor: number, name: string, divisorName: string): void {
  if (value % divisor !== 0) throw invalid(name, `${String(value)} is not a multiple of "${divisorName}", ${String(divisor)}`);
}

function invalid(key: string, what: string): LongtakeError {
  return new LongtakeError('checkpoint-invalid', `config.json: "${key}": ${what}.`, { key });
}
