import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';

const count = z.int().positive();

/** A member that files write as null where it is not set. */
const optionalText = z.string().nullish().transform((text) => text ?? undefined);
const optionalCount = count.nullish().transform((number) => number ?? undefined);

/** SigLIP-so400m/14-384 less its last layer. */
const siglipSizes = {
  hidden_size: 1152, intermediate_size: 4304, num_hidden_layers: 26, num_attention_heads: 16,
  image_size: 384, patch_size: 14, layer_norm_eps: 1e-6, hidden_act: 'gelu_pytorch_tanh' as const,
};

/**
 * The parts of a Hugging Face `config.json` that decide what is computed; unknown keys are kept out of the result.
 * Names are the file's own (they come from transformers' Qwen2 and from `jylins/hourllava`).
 */
const configSchema = z.object({
  architectures: z.array(z.string()).optional(),
  model_type: z.string(),
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count,
  vocab_size: count,
  head_dim: count.optional(),
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().default(1_000_000),
  /** Of transformers' kinds; older files call the kind "type". */
  rope_scaling: z.looseObject({
    type: z.string().optional(), rope_type: z.string().optional(), factor: z.number().min(1).optional(), original_max_position_embeddings: count.optional(),
    attention_factor: z.number().positive().nullish(), beta_fast: z.number().positive().nullish(), beta_slow: z.number().positive().nullish(),
  }).nullish(),
  hidden_act: z.literal('silu').default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  max_position_embeddings: count.default(32_768),
  tokenizer_model_max_length: count.default(32_768),
  eos_token_id: z.union([z.int(), z.array(z.int())]).optional(),
  mm_vision_tower: optionalText,
  mm_hidden_size: optionalCount,
  mm_projector_type: optionalText,
  mm_resampler_type: optionalText,
  mm_newline_position: optionalText,
  mm_patch_merge_type: optionalText,
  mm_spatial_pool_mode: optionalText,
  mm_spatial_pool_stride: optionalCount,
  /** Of ProLongVid: the side of its pooled grid, whatever the stride. */
  mm_fixed_patch_length: optionalCount,
  add_time_instruction: z.boolean().nullish(),
  add_faster_video: z.boolean().nullish(),
  /** Side of the pooled grid. Not in the released files, whose code has 8 written into it. */
  mm_spatial_pool_grid: count.default(8),
  memaug_depth: count.optional(),
  spatial_sampling_type: z.enum(['random', 'uniform']).default('random'),
  /** Sizes of the tower. Not in the released files, which only name it. */
  vision_config: z.object({
    hidden_size: count,
    intermediate_size: count,
    num_hidden_layers: count,
    num_attention_heads: count,
    image_size: count,
    patch_size: count,
    layer_norm_eps: z.number().positive().default(1e-6),
    hidden_act: z.literal('gelu_pytorch_tanh').default('gelu_pytorch_tanh'),
  }).default(siglipSizes),
  /** Of checkpoints in VILA's three folders (vila-config.ts). */
  vila: z.object({ llm: z.string(), tower: z.string(), frames: count.optional() }).optional(),
  /** A sentence shown wherever the model's answers are, for models that are demonstrations only. */
  longtake_label: z.string().optional(),
  /** Of a model that was taught to tell times by steps: 10 where "12:00" is any second up to 12:09. */
  longtake_time_step_seconds: count.optional(),
});

export type CheckpointConfig = z.infer<typeof configSchema>;

const generationSchema = z.object({
  eos_token_id: z.union([z.int(), z.array(z.int())]).optional(),
  pad_token_id: z.int().optional(),
  do_sample: z.boolean().default(false),
  temperature: z.number().nonnegative().optional(),
  top_p: z.number().positive().max(1).optional(),
  top_k: z.int().nonnegative().optional(),
  repetition_penalty: z.number().positive().optional(),
});

export type GenerationConfig = z.infer<typeof generationSchema>;

/** Parses `config.json`; throws `checkpoint-invalid` with the first key that is wrong. */
export function parseConfig(path: string, json: unknown): CheckpointConfig {
  return parse(configSchema, path, json);
}

/** Parses `generation_config.json`; throws `checkpoint-invalid` with the first key that is wrong. */
export function parseGenerationConfig(path: string, json: unknown): GenerationConfig {
  return parse(generationSchema, path, json);
}

function parse<Schema extends z.ZodType>(schema: Schema, path: string, json: unknown): z.infer<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const key = issue?.path.join('.') ?? '';
  throw new LongtakeError('checkpoint-invalid', `${path}: ${key === '' ? '' : `"${key}": `}${issue?.message ?? 'unreadable'}.`,
    { path, key });
}
