import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';

const count = z.int().positive();

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
  rope_scaling: z.null().optional(),
  hidden_act: z.literal('silu').default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  max_position_embeddings: count.default(32_768),
  tokenizer_model_max_length: count.default(32_768),
  eos_token_id: z.union([z.int(), z.array(z.int())]).optional(),
  mm_vision_tower: z.string().optional(),
  mm_hidden_size: count.optional(),
  mm_projector_type: z.string().optional(),
  mm_resampler_type: z.string().optional(),
  mm_newline_position: z.string().optional(),
  mm_patch_merge_type: z.string().optional(),
  mm_spatial_pool_mode: z.string().optional(),
  /** Side of the pooled grid. Not in the released files, whose code has 8 written into it. */
  mm_spatial_pool_grid: count.default(8),
  memaug_depth: count.optional(),
  spatial_sampling_type: z.enum(['random', 'uniform']).default('random'),
  /** Sizes of the tower. Not in the released files, which only name it: SigLIP-so400m/14-384 less its last layer. */
  vision_config: z.object({
    hidden_size: count,
    intermediate_size: count,
    num_hidden_layers: count,
    num_attention_heads: count,
    image_size: count,
    patch_size: count,
    layer_norm_eps: z.number().positive().default(1e-6),
    hidden_act: z.literal('gelu_pytorch_tanh').default('gelu_pytorch_tanh'),
  }).default({
    hidden_size: 1152, intermediate_size: 4304, num_hidden_layers: 26, num_attention_heads: 16,
    image_size: 384, patch_size: 14, layer_norm_eps: 1e-6, hidden_act: 'gelu_pytorch_tanh',
  }),
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
