import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';

/** Version of `model.json` and of everything it names. Packages are cheap to make again: other versions are refused. */
export const packageVersion = 3;

const count = z.int().positive();
const tokenId = z.int().nonnegative();

/**
 * How a model without MemAug reads a memory: some frames, evenly spaced, with a newline behind each of their rows, behind each of
 * them, behind the last one, or nowhere (LLaVA-NeXT's `llava_arch.py`, mm_newline_position grid, frame, one_token, no_token).
 */
const uniformReadingSchema = z.object({
  /** As many as it was trained with; fewer where there are fewer. */
  frames: count,
  newline: z.enum(['row', 'frame', 'end', 'none']),
  /** Present in LongVILA: neighbours of 2 × 2 patches side by side go through the projector, as tokens in this order, and a newline is that of the text. */
  downsampled: z.enum(['rows', 'columns']).optional(),
  /** Whether the prompt says how long the video is and where its frames lie. */
  timeInstruction: z.boolean(),
});
export type UniformReading = z.infer<typeof uniformReadingSchema>;

/** Positions of a decoder that was stretched over a longer context than its base (transformers' `rope_scaling`). */
const ropeScalingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('linear'), factor: z.number().min(1) }),
  z.object({
    type: z.literal('yarn'), factor: z.number().min(1), originalLength: count,
    attentionFactor: z.number().positive(), fastRotations: z.number().positive(), slowRotations: z.number().positive(),
  }),
]);
export type RopeScaling = z.infer<typeof ropeScalingSchema>;

export const modelSpecSchema = z.object({
  version: z.literal(packageVersion),
  /** 'llava-video' stands for LLaVA-Video, LLaVA-OneVision and ProLongVid: one computation with other numbers. */
  family: z.enum(['hour-llava', 'llava-video', 'longvila']),
  weights: z.enum(['float32', 'float16', 'int8', 'int4']),
  vision: z.object({
    imageSize: count, // pixels, both sides
    patchSize: count,
    poolGrid: count, // side of the pooled grid
    channels: count, // of the tower
    layers: count,
    heads: count,
    intermediate: count,
    layerNormEpsilon: z.number().positive(),
  }),
  text: z.object({
    hidden: count,
    layers: count,
    intermediate: count,
    heads: count,
    keyHeads: count,
    headSize: count,
    vocabulary: count,
    /** Longest sequence, prompt and answer together. */
    maximumLength: count,
    rmsNormEpsilon: z.number().positive(),
    ropeTheta: z.number().positive(),
    ropeScaling: ropeScalingSchema.optional(),
    tiedEmbeddings: z.boolean(),
    /** Llama's queries, keys and values have no biases, Qwen2's have. */
    unbiased: z.literal(true).optional(),
    /** How turns are written; without it as Qwen does. */
    template: z.literal('llama-3').optional(),
    endIds: z.array(tokenId).min(1),
    newlineId: tokenId,
    imStartId: tokenId,
    imEndId: tokenId,
    /** "assistant" as tokens: the header of the turns that MemAug does not see. */
    assistantIds: z.array(tokenId).min(1),
  }),
  /** Tokens of one frame in the memory, without the newline: poolGrid². */
  tokensPerFrame: count,
  /** Blocks of MemAug; a model without it says in `uniform` what it reads instead. */
  memaugDepth: z.int().nonnegative(),
  uniform: uniformReadingSchema.optional(),
  spatialSamplingType: z.enum(['random', 'uniform']),
  /** Hash over the stored checkpoint tensors and config. */
  checkpointSha256: z.string(),
  /** Hash over the tower's tensors and the preprocessing: memories belong to it, whatever answers from them. */
  encoderFingerprint: z.string(),
  encoderName: z.string(),
  /** Where token embeddings lie: row i at byteOffset + i · hidden · element size of decoder.weights. */
  embeddings: z.object({ byteOffset: z.int().nonnegative(), type: z.enum(['float32', 'float16']) }),
  /** Said beside every answer of a model that is only a demonstration. */
  label: z.string().optional(),
  /** By how many seconds the model counts when it tells a time; absent where it tells the second. */
  timeStepSeconds: count.optional(),
  byteLength: z.int().nonnegative(),
  files: z.array(z.object({ name: z.string(), byteLength: z.int().nonnegative(), sha256: z.string() })),
}).refine(({ family, memaugDepth, uniform }) => (family === 'hour-llava' ? memaugDepth > 0 && uniform === undefined : memaugDepth === 0 && uniform !== undefined),
  { path: ['family'], message: 'MemAug or uniform frames, one of the two, as the family says' });

/** What a model package is: the contents of its `model.json`. */
export type ModelSpec = z.infer<typeof modelSpecSchema>;

/** Sizes only: what can be known of a model before its tokenizer is there. */
export type ModelShape = Pick<ModelSpec, 'vision' | 'tokensPerFrame' | 'memaugDepth' | 'uniform'> & { readonly text: Omit<ModelSpec['text'], TokenIdKey> };
export type TokenIdKey = 'endIds' | 'newlineId' | 'imStartId' | 'imEndId' | 'assistantIds';

/** The parts of a spec that the graphs' shapes follow from. */
export type ModelDimensions = Pick<ModelSpec, 'vision' | 'text' | 'tokensPerFrame' | 'memaugDepth' | 'uniform'>;

/**
 * Channels of a memory's features. Hour-LLaVA pools and then projects, so that its memories hold what the tower gives; LLaVA-Video
 * projects and then pools, and its memories hold what the decoder reads.
 */
export function featureChannels({ vision, text, uniform }: Pick<ModelShape, 'vision' | 'uniform'> & { readonly text: Pick<ModelSpec['text'], 'hidden'> }): number {
  return uniform === undefined ? vision.channels : text.hidden;
}

/** Parses a `model.json`; throws `newer-version` or `model-invalid`. */
export function parseModelSpec(path: string, json: unknown): ModelSpec {
  const version = z.object({ version: z.int() }).safeParse(json);
  if (version.success && version.data.version > packageVersion) {
    throw new LongtakeError('newer-version',
      `${path} was written by a newer Longtake (package version ${String(version.data.version)}, this one reads ${String(packageVersion)}). Update Longtake.`,
      { path, version: version.data.version });
  }
  const result = modelSpecSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new LongtakeError('model-invalid',
    `${path}: "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'unreadable'}. Prepare the model again.`, { path });
}
